#include "base/dotenv.hpp"

#include "base/interpolation.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace pgtool {
namespace {

constexpr std::size_t largest_text = 1U << 20;
constexpr std::size_t largest_result = 4U << 20;

bool is_blank(char letter) {
  return letter == ' ' || letter == '\t' || letter == '\v' || letter == '\f' || letter == '\r';
}

bool belongs_to_name(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
         (letter >= '0' && letter <= '9') ||
         std::string_view("_.-[]").find(letter) != std::string_view::npos;
}

/// What a letter behind a backslash stands for between double quotes. The dollar is doubled, since
/// variables are filled in afterwards.
std::string escaped(char letter) {
  constexpr std::string_view letters = "abfnrtv";
  constexpr std::string_view controls = "\a\b\f\n\r\t\v";
  if (const auto at = letters.find(letter); at != std::string_view::npos) {
    return {controls[at]};
  }
  if (letter == '$') {
    return "$$";
  }
  return letter == '\\' || letter == '"' || letter == '\'' ? std::string{letter}
                                                           : std::string{'\\', letter};
}

/// Without line ends of Windows and the mark that its editors put before everything.
std::string with_line_feeds(std::string_view text) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark)) {
    text.remove_prefix(byte_order_mark.size());
  }
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!text.substr(at).starts_with("\r\n")) {
      plain += text[at];
    }
  }
  return plain;
}

class DotenvReader {
public:
  DotenvReader(std::string_view text, const Environment& outer) : text_(text), outer_(outer) {}

  Dotenv read() {
    while (at_ < text_.size()) {
      skip_blanks();
      if (peek() == '\n') {
        end_line();
      } else if (peek() == '#') {
        skip_line();
      } else if (at_ < text_.size()) {
        read_assignment();
      }
    }
    return std::move(found_);
  }

private:
  void read_assignment() {
    first_line_ = line_;
    const auto name = read_name();
    skip_blanks();
    if (name.empty()) {
      skip_wrong("expected NAME=value");
    } else if (at_end() || peek() == '#') {
      take_outer(name);
      skip_line();
    } else if (peek() == '=' || peek() == ':') {
      ++at_;
      const bool spaced = skip_blanks();
      read_value(name, spaced);
    } else {
      skip_wrong("expected = behind the name");
    }
  }

  std::string read_name() {
    constexpr std::string_view prefix = "export";
    const auto behind = at_ + prefix.size();
    if (text_.substr(at_).starts_with(prefix) && behind < text_.size() && is_blank(text_[behind])) {
      at_ = behind;
      skip_blanks();
    }
    const auto begin = at_;
    while (at_ < text_.size() && belongs_to_name(text_[at_])) {
      ++at_;
    }
    return std::string(text_.substr(begin, at_ - begin));
  }

  void read_value(const std::string& name, bool spaced) {
    if (peek() == '"' || peek() == '\'') {
      read_quoted(name, peek());
      return;
    }
    const auto line = text_.substr(at_, line_end() - at_);
    auto end = spaced && line.starts_with('#') ? 0 : line.size();
    for (auto hash = line.find('#', 1); hash < end; hash = line.find('#', hash + 1)) {
      end = is_blank(line[hash - 1]) ? hash : end;
    }
    store(name, fill(name, trim(line.substr(0, end))));
    skip_line();
  }

  void read_quoted(const std::string& name, char quote) {
    const auto before = at_;
    const auto first_line = line_;
    auto value = quoted_text(quote);
    const auto behind = at_;
    skip_blanks();
    if (!value || (!at_end() && peek() != '#')) {
      at_ = value ? behind : before;
      line_ = value ? line_ : first_line;
      skip_wrong(value ? "expected nothing behind the closing quotation mark"
                       : "expected a closing quotation mark");
      return;
    }
    store(name, quote == '"' ? fill(name, *value) : *value);
    skip_line();
  }

  /// From a quotation mark to the one that closes it; nothing when there is none.
  std::optional<std::string> quoted_text(char quote) {
    std::string value;
    for (++at_; at_ < text_.size(); ++at_) {
      const char letter = text_[at_];
      if (letter == quote) {
        ++at_;
        return value;
      }
      line_ += letter == '\n' ? 1 : 0;
      const bool escapes = letter == '\\' && at_ + 1 < text_.size();
      if (escapes && quote == '"') {
        value += escaped(text_[++at_]);
        line_ += text_[at_] == '\n' ? 1 : 0;
      } else if (escapes && text_[at_ + 1] == quote) {
        value += text_[++at_];
      } else {
        value += letter;
      }
    }
    return std::nullopt;
  }

  /// What is not set is not named: behind the dollar may stand the rest of a password.
  std::string fill(const std::string& name, std::string_view value) {
    const auto filled =
        interpolate(value, [this](const std::string& variable) { return value_of(variable); });
    if (!filled.unset.empty()) {
      object(name + ": a variable in the value is not set");
    }
    if (filled.malformed) {
      object(name + ": expected a name and } after ${");
    }
    return filled.text;
  }

  [[nodiscard]] std::optional<std::string> value_of(const std::string& variable) const {
    for (const Environment* variables : {&outer_, &std::as_const(found_.variables)}) {
      if (const auto set = variables->find(variable); set != variables->end()) {
        return set->second;
      }
    }
    return std::nullopt;
  }

  void store(const std::string& name, std::string value) {
    if (value.find('\0') != std::string::npos) {
      object("a value with a NUL byte was left out");
      return;
    }
    total_ += name.size() + value.size();
    if (total_ > largest_result) {
      object("the values grow beyond 4 MiB, what follows was left out");
      at_ = text_.size();
      return;
    }
    found_.lines.insert_or_assign(name, first_line_);
    found_.variables.insert_or_assign(name, std::move(value));
  }

  void take_outer(const std::string& name) {
    if (const auto set = outer_.find(name); set != outer_.end()) {
      store(name, set->second);
    }
  }

  void object(std::string message) { found_.problems.push_back({line_, std::move(message)}); }
  void skip_wrong(const char* message) {
    object(message);
    skip_line();
  }
  /// True when there was something to skip.
  bool skip_blanks() {
    const auto begin = at_;
    while (at_ < text_.size() && is_blank(text_[at_])) {
      ++at_;
    }
    return at_ > begin;
  }
  void skip_line() {
    at_ = line_end();
    end_line();
  }
  void end_line() {
    ++at_;
    ++line_;
  }
  [[nodiscard]] std::size_t line_end() const {
    return std::min(text_.find('\n', at_), text_.size());
  }
  [[nodiscard]] bool at_end() const { return at_ >= text_.size() || text_[at_] == '\n'; }
  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  std::string_view text_;
  const Environment& outer_;
  std::size_t at_ = 0;
  int line_ = 1;
  int first_line_ = 1; ///< of the assignment
  std::size_t total_ = 0;
  Dotenv found_;
};

} // namespace

Dotenv parse_dotenv(std::string_view text, const Environment& outer) {
  if (text.size() > largest_text) {
    return {{}, {}, {{0, "is larger than 1 MiB"}}};
  }
  const auto plain = with_line_feeds(text);
  return DotenvReader(plain, outer).read();
}

} // namespace pgtool
