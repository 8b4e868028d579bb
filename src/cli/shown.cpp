#include "cli/shown.hpp"

#include "base/utf8.hpp"

#include <algorithm>

namespace pgtool {

std::string shown(std::string_view word) {
  constexpr std::size_t longest = 60;
  const auto secret_from = word.find_first_of("=:");
  const bool cut = secret_from != std::string_view::npos || word.size() > longest;
  return printable(word.substr(0, std::min(secret_from, longest))) + (cut ? "…" : "");
}

} // namespace pgtool
