#include "base/shell_words.hpp"

#include "base/error.hpp"

#include <algorithm>

namespace pgtool {
namespace {

constexpr std::string_view white_space = " \t\r\n";

/// Reads one word at a time off the front of the text.
class Reader {
public:
  Reader(std::string_view text, std::string_view source) : rest_(text), source_(source) {}

  bool skip_white_space() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(white_space), rest_.size()));
    return !rest_.empty();
  }

  std::string word() {
    std::string word;
    while (!rest_.empty() && white_space.find(rest_.front()) == std::string_view::npos) {
      const char c = take();
      if (c == '\'' || c == '"') {
        add_quoted(word, c);
      } else {
        word += c == '\\' && !rest_.empty() ? take() : c;
      }
    }
    return word;
  }

private:
  char take() {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  void add_quoted(std::string& word, char quote) {
    while (!rest_.empty()) {
      const char c = take();
      if (c == quote) {
        return;
      }
      // Between double quotes a backslash is special before these only.
      const bool escapes = c == '\\' && quote == '"' && !rest_.empty() &&
                           std::string_view("\\\"$`").find(rest_.front()) != std::string_view::npos;
      word += escapes ? take() : c;
    }
    throw Error(Failure::usage, std::string(source_) + ": a quote is not closed",
                std::string("expected another ") + quote);
  }

  std::string_view rest_;
  std::string_view source_;
};

} // namespace

std::vector<std::string> split_shell_words(std::string_view text, std::string_view source) {
  Reader reader(text, source);
  std::vector<std::string> words;
  while (reader.skip_white_space()) {
    words.push_back(reader.word());
  }
  return words;
}

std::string quoted_for_shell(std::string_view word) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                     "0123456789-_=./:,@%+";
  if (!word.empty() && word.find_first_not_of(plain) == std::string_view::npos) {
    return std::string(word);
  }
  std::string quoted = "'";
  for (const char c : word) {
    quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  return quoted + "'";
}

} // namespace pgtool
