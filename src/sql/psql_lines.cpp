#include "sql/psql_lines.hpp"

#include "base/text.hpp"
#include "sql/quoted_part.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace pgtool {
namespace {

class Walker {
public:
  explicit Walker(const std::string& text) { plain_.text = text; }

  PlainScript walked() {
    while (at_ < plain_.text.size()) {
      step();
    }
    return std::move(plain_);
  }

private:
  std::string_view rest() const { return std::string_view(plain_.text).substr(at_); }

  void step() {
    if (const auto quoted = quoted_part(rest()); quoted > 0) {
      count_lines(quoted);
      at_ += quoted;
      return;
    }
    if (plain_.text[at_] == '\\') {
      return pass_command();
    }
    const bool ends = plain_.text[at_] == ';';
    count_lines(1);
    ++at_;
    if (ends) {
      if (is_copy_from_stdin()) {
        pass_data();
      }
      start_ = at_;
    }
  }

  void count_lines(std::size_t length) {
    line_ += static_cast<int>(
        std::count(plain_.text.begin() + static_cast<std::ptrdiff_t>(at_),
                   plain_.text.begin() + static_cast<std::ptrdiff_t>(at_ + length), '\n'));
  }

  void blank(std::size_t end) {
    for (; at_ < end; ++at_) {
      auto& letter = plain_.text[at_];
      line_ += letter == '\n' ? 1 : 0;
      letter = letter == '\n' ? '\n' : ' ';
    }
  }

  /// To the end of its line.
  void pass_command() {
    const auto line = rest().substr(0, rest().find('\n'));
    const auto word = line.substr(0, line.find_first_of(" \t\r", 1));
    constexpr std::array<std::string_view, 5> including{"\\i", "\\ir", "\\include",
                                                        "\\include_relative", "\\gexec"};
    if (std::find(including.begin(), including.end(), word) != including.end()) {
      plain_.inclusions.push_back({line_, std::string(word)});
    }
    const bool ends = word.starts_with("\\g"); // a statement, as a semicolon does
    blank(at_ + line.size());
    if (ends && start_ < at_) {
      plain_.text[at_ - 1] = ';';
    }
    start_ = at_;
  }

  bool is_copy_from_stdin() const {
    auto statement = std::string_view(plain_.text).substr(start_, at_ - start_);
    statement.remove_prefix(blank_part(statement));
    constexpr std::size_t most = 2000; // of a list of columns
    const auto words = lower(statement.substr(0, most));
    return words.starts_with("copy") && words.find("stdin") != std::string::npos;
  }

  void pass_data() {
    auto end = plain_.text.find("\n\\.", at_);
    end = end == std::string::npos ? plain_.text.size() : end + 3;
    blank(end);
  }

  PlainScript plain_;
  std::size_t at_ = 0;
  std::size_t start_ = 0; // of the statement that is walked through
  int line_ = 1;
};

} // namespace

PlainScript without_psql_lines(const std::string& text) { return Walker(text).walked(); }

} // namespace pgtool
