#include "cli/reference/usage.hpp"

#include "base/text.hpp"
#include "cli/reference/mdoc.hpp"

#include <algorithm>

namespace pgtool {
namespace {

/// "--to SCHEMA" is an option and its argument, "--" an option without a name.
std::string macros(std::string_view words) {
  std::string line;
  for (const auto& word : split_words(words)) {
    const bool is_option = word.starts_with('-');
    line += line.empty() ? "" : " ";
    line +=
        is_option ? "Fl " + mdoc_word(std::string_view(word).substr(1)) : "Ar " + mdoc_word(word);
  }
  return line;
}

} // namespace

std::string mdoc_usage(std::string_view usage) {
  std::string lines;
  while (!usage.empty()) {
    const bool optional = usage.front() == '[';
    const auto end = std::min(usage.find(optional ? ']' : '['), usage.size());
    const auto piece = usage.substr(optional ? 1 : 0, end - (optional ? 1 : 0));
    if (!trim(piece).empty()) {
      lines += (optional ? ".Op " : ".") + macros(piece) + "\n";
    }
    usage.remove_prefix(std::min(optional ? end + 1 : end, usage.size()));
  }
  return lines;
}

} // namespace pgtool
