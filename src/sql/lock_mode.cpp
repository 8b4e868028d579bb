#include "sql/lock_mode.hpp"

#include <array>
#include <cstddef>

namespace pgtool {
namespace {

struct Mode {
  std::string_view name;
  unsigned conflicts; ///< one bit for each mode, the weakest first
};

// The documented table of conflicts, which is symmetrical.
constexpr std::array<Mode, 8> modes{{{"AccessShareLock", 0b10000000},
                                     {"RowShareLock", 0b11000000},
                                     {"RowExclusiveLock", 0b11110000},
                                     {"ShareUpdateExclusiveLock", 0b11111000},
                                     {"ShareLock", 0b11101100},
                                     {"ShareRowExclusiveLock", 0b11111100},
                                     {"ExclusiveLock", 0b11111110},
                                     {"AccessExclusiveLock", 0b11111111}}};

const Mode& facts_of(LockMode mode) { return modes.at(static_cast<std::size_t>(mode)); }

} // namespace

bool conflicts(LockMode one, LockMode other) {
  return ((facts_of(one).conflicts >> static_cast<unsigned>(other)) & 1U) != 0;
}

std::string_view lock_mode_name(LockMode mode) { return facts_of(mode).name; }

std::optional<LockMode> lock_mode_named(std::string_view name) {
  for (const auto mode : all_lock_modes) {
    if (lock_mode_name(mode) == name) {
      return mode;
    }
  }
  return std::nullopt;
}

} // namespace pgtool
