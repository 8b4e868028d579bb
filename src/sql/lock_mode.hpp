#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace pgtool {

/// The lock modes of tables, weakest first (PostgreSQL's documentation, "Explicit Locking").
enum class LockMode {
  access_share,
  row_share,
  row_exclusive,
  share_update_exclusive,
  share,
  share_row_exclusive,
  exclusive,
  access_exclusive
};

inline constexpr std::array all_lock_modes = {
    LockMode::access_share,  LockMode::row_share,
    LockMode::row_exclusive, LockMode::share_update_exclusive,
    LockMode::share,         LockMode::share_row_exclusive,
    LockMode::exclusive,     LockMode::access_exclusive};

/// True when two transactions cannot hold these at the same time on one table.
bool conflicts(LockMode one, LockMode other);

/// As pg_locks.mode says it: "AccessExclusiveLock".
std::string_view lock_mode_name(LockMode mode);
/// The mode of that name; nothing for another one.
std::optional<LockMode> lock_mode_named(std::string_view name);

} // namespace pgtool
