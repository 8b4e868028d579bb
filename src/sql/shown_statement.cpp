#include "sql/shown_statement.hpp"

#include <cctype>

namespace pgtool {
namespace {

constexpr std::string_view no_end = "…";

bool is_word(char letter) {
  return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '_' ||
         static_cast<unsigned char>(letter) >= 0x80;
}

bool is_digit(char letter) { return std::isdigit(static_cast<unsigned char>(letter)) != 0; }

bool is_space(char letter) { return std::isspace(static_cast<unsigned char>(letter)) != 0; }

/// Reads the text from left to right, and keeps what may be shown.
class Shown {
public:
  explicit Shown(std::string_view sql) : rest_(sql) {}

  std::string text() {
    while (!rest_.empty()) {
      step();
    }
    while (!kept_.empty() && (kept_.back() == ' ' || kept_.back() == ';')) {
      kept_.pop_back();
    }
    return kept_;
  }

private:
  void step() {
    const char first = rest_.front();
    if (is_space(first)) {
      space();
    } else if (rest_.starts_with("--")) {
      pass_up_to("\n", 2);
      space();
    } else if (rest_.starts_with("/*")) {
      pass_up_to("*/", 2);
      space();
    } else if (first == '\'') {
      literal();
    } else if (first == '"') {
      keep_up_to_quote();
    } else if (first == '$') {
      dollar();
    } else if (is_digit(first)) {
      number();
    } else if (is_word(first)) {
      word();
    } else {
      keep(1);
    }
  }

  void keep(std::size_t count) {
    kept_ += rest_.substr(0, count);
    rest_.remove_prefix(count);
  }

  void space() {
    if (!kept_.empty() && kept_.back() != ' ') {
      kept_ += ' ';
    }
    while (!rest_.empty() && is_space(rest_.front())) {
      rest_.remove_prefix(1);
    }
  }

  /// False, and nothing is left, when the end does not come.
  bool pass_up_to(std::string_view end, std::size_t from) {
    const auto found = rest_.find(end, from);
    if (found == std::string_view::npos) {
      rest_ = {};
      return false;
    }
    rest_.remove_prefix(found + end.size());
    return true;
  }

  /// Whether a backslash keeps the quote behind it from ending the literal is a setting's matter:
  /// what follows such a literal is not shown.
  void literal() {
    const auto end = rest_.find('\'', 1);
    const bool doubtful = end == std::string_view::npos ||
                          rest_.substr(1, end - 1).find('\\') != std::string_view::npos;
    if (doubtful) {
      kept_ += no_end;
      rest_ = {};
      return;
    }
    rest_.remove_prefix(end + 1);
    if (!rest_.starts_with('\'')) { // else a quote in it
      kept_ += '?';
    }
  }

  void keep_up_to_quote() {
    const auto end = rest_.find('"', 1);
    keep(end == std::string_view::npos ? rest_.size() : end + 1);
  }

  /// $1 is a placeholder, $tag$ begins a literal.
  void dollar() {
    std::size_t length = 1;
    while (length < rest_.size() && is_word(rest_[length])) {
      ++length;
    }
    if (length < rest_.size() && rest_[length] == '$' && (length == 1 || !is_digit(rest_[1]))) {
      const std::string tag(rest_.substr(0, length + 1));
      kept_ += pass_up_to(tag, length + 1) ? "?" : no_end;
    } else {
      keep(length);
    }
  }

  void number() {
    while (!rest_.empty() && (is_word(rest_.front()) || rest_.front() == '.')) {
      rest_.remove_prefix(1);
    }
    kept_ += '?';
  }

  void word() {
    std::size_t length = 1;
    while (length < rest_.size() && (is_word(rest_[length]) || rest_[length] == '$')) {
      ++length;
    }
    const bool is_prefix = length <= 2 && length < rest_.size() && rest_[length] == '\'';
    is_prefix ? rest_.remove_prefix(length) : keep(length); // E'…', B'…', X'…', N'…'
  }

  std::string_view rest_;
  std::string kept_;
};

} // namespace

std::string shown_statement(std::string_view sql, std::size_t longest) {
  auto text = Shown(sql).text();
  if (text.size() <= longest) {
    return text;
  }
  std::size_t end = longest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) {
    --end;
  }
  return text.substr(0, end) + std::string(no_end);
}

} // namespace pgtool
