#include "base/counted.hpp"

#include <fmt/core.h>

namespace pgtool {

std::string counted(std::size_t number, std::string_view one, std::string_view several) {
  if (number != 1 && !several.empty()) {
    return fmt::format("{} {}", number, several);
  }
  return fmt::format("{} {}{}", number, one, number == 1 ? "" : "s");
}

} // namespace pgtool
