#include "cli/reference/usage.hpp"

#include "base/text.hpp"
#include "cli/reference/mdoc.hpp"

#include <algorithm>

namespace pgtool {
namespace {

/// "--to SCHEMA" is an option and its argument, "--" an option without a name. Brackets among the
/// words reach to the end of the line.
std::string macros(std::string_view words) {
  std::string line;
  for (const auto& piece : split_words(words)) {
    std::string_view word(piece);
    line += line.empty() ? "" : " ";
    if (word.starts_with('[')) {
      line += "Op ";
      word.remove_prefix(1);
    }
    word = word.substr(0, word.find(']'));
    line += word.starts_with('-') ? "Fl " + mdoc_word(word.substr(1)) : "Ar " + mdoc_word(word);
  }
  return line;
}

/// Where the bracket at the front is closed.
std::size_t end_of_brackets(std::string_view usage) {
  std::size_t depth = 0;
  for (std::size_t at = 0; at < usage.size(); ++at) {
    depth += usage[at] == '[' ? 1 : 0;
    depth -= usage[at] == ']' ? 1 : 0;
    if (depth == 0) {
      return at;
    }
  }
  return usage.size();
}

} // namespace

std::string mdoc_usage(std::string_view usage) {
  std::string lines;
  while (!usage.empty()) {
    const bool optional = usage.front() == '[';
    const auto end = optional ? end_of_brackets(usage) : std::min(usage.find('['), usage.size());
    const auto piece = usage.substr(optional ? 1 : 0, end - (optional ? 1 : 0));
    if (!trim(piece).empty()) {
      lines += (optional ? ".Op " : ".") + macros(piece) + "\n";
    }
    usage.remove_prefix(std::min(optional ? end + 1 : end, usage.size()));
  }
  return lines;
}

} // namespace pgtool
