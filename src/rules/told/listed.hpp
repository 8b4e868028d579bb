#pragma once

#include "rules/rule.hpp"

#include <array>
#include <cstddef>

namespace pgtool {

/// A part of the table whose rules stand in one array, which must outlive it.
template <std::size_t count> std::array<const Rule*, count> listed(const Rule (&rules)[count]) {
  std::array<const Rule*, count> pointers{};
  for (std::size_t i = 0; i < count; ++i) {
    pointers[i] = &rules[i];
  }
  return pointers;
}

} // namespace pgtool
