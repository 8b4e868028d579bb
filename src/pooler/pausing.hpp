#pragma once

#include "pg/rows.hpp"
#include "pooler/console.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pgtool {

/// How one entry of PgBouncer stands, by SHOW DATABASES.
struct EntryState {
  bool listed = false; ///< one that came of `*` and has no clients is not
  bool paused = false;
  std::int64_t servers = 0; ///< its server sessions
};
EntryState entry_state(const Rows& databases, const std::string& entry);

/// Why a pooler of that kind and version cannot be paused by us; "" when it can.
std::string why_no_pausing(const ConsoleIdentity& identity);

/// The first of them that a command cannot name: a PAUSE without a name would stop everything.
std::optional<std::string> unsayable(const std::vector<std::string>& entries);

/// True for the answer to a RESUME that has nothing to do.
bool says_not_paused(const Refusal& refusal);
/// True for the answer to a command about an entry that is not there.
bool says_no_such_entry(const Refusal& refusal);

} // namespace pgtool
