#include "cli/shown.hpp"

#include "base/shell_words.hpp"
#include "base/utf8.hpp"

#include <algorithm>

namespace pgtool {

std::string shown(std::string_view word) {
  constexpr std::size_t longest = 60;
  const auto secret_from = word.find_first_of("=:");
  const bool cut = secret_from != std::string_view::npos || word.size() > longest;
  return printable(word.substr(0, std::min(secret_from, longest))) + (cut ? "…" : "");
}

std::string printable_command(const std::vector<std::string>& words) {
  std::string line;
  bool is_url = false;
  for (const auto& word : words) {
    const auto equals = word.find("-url=");
    const bool has_url = word.starts_with("--") && equals != std::string::npos;
    const auto text = is_url ? "URL" : has_url ? word.substr(0, equals) + "-url=URL" : word;
    is_url = word.starts_with("--") && word.ends_with("-url");
    line += (line.empty() ? "" : " ") + quoted_for_shell(text);
  }
  return line;
}

} // namespace pgtool
