#include "commands/migrate/back_off.hpp"

#include <algorithm>
#include <cmath>
#include <random>

namespace pgtool {

double back_off_seconds(double first, int tries) {
  constexpr double longest = 60;
  static std::minstd_rand random{std::random_device{}()};
  const double plain = std::min(longest, first * std::pow(2, std::min(tries - 1, 30)));
  return plain * std::uniform_real_distribution<double>(0.8, 1.2)(random);
}

} // namespace pgtool
