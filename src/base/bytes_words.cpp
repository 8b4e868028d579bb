#include "base/bytes_words.hpp"

#include <array>
#include <fmt/core.h>

namespace pgtool {

std::string bytes_words(std::int64_t bytes) {
  constexpr std::array units{"kB", "MB", "GB", "TB"};
  double number = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  for (; number >= 1024 && unit + 1 < units.size(); ++unit) {
    number /= 1024;
  }
  return fmt::format("{:.{}f} {}", number, number < 10 && unit > 0 ? 1 : 0, units[unit]);
}

} // namespace pgtool
