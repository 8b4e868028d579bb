#pragma once

#include "pg/rows.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pgtool {

/// The name as PgBouncer's console reads it in a command; nullopt when its grammar cannot say it.
/// Every name in double quotes must be shorter than 62 bytes; one of letters, digits and
/// underscores alone may stand without them, in upper case too, since nothing is folded. "" would
/// mean all databases.
std::optional<std::string> console_name(std::string_view name);

/// What one entry of SHOW DATABASES leads to.
struct EntryChoice {
  std::string database; ///< the real name
  std::string entry;    ///< an entry that is meant whatever it leads to; may be ""
};
/// The names of the entries that are meant, without the console itself.
std::vector<std::string> entries_in(const Rows& databases, const EntryChoice& choice);

/// Commands after which clients get fresh server sessions, and what they do not say.
struct RecycleCommands {
  std::vector<std::string> commands;
  std::vector<std::string> entries; ///< of PgBouncer only
  bool others_too = false;          ///< other databases of the pooler get fresh sessions as well
};
/// For PgBouncer one RECONNECT for each entry, or a bare one where a name cannot be said; none
/// without entries. nullopt when that kind has no such command.
std::optional<RecycleCommands> recycle_commands(const std::string& kind,
                                                std::vector<std::string> entries);
/// The database that is the console of such a pooler, as its manuals call it; "" for a kind whose
/// console cannot do it or that has none.
std::string console_database(const std::string& kind);
/// Why clients of such a pooler cannot be given fresh server sessions by a command.
std::string why_no_recycling(const std::string& kind);

/// How long a server session lives by itself.
struct SessionLife {
  double seconds = 0;
  bool unlimited = false;
  std::string meaning; ///< in words, with the setting's name
};
/// From the tables of PgBouncer's console. An entry's own value counts (1.23+), the longest of
/// several; else the global one. nullopt when neither is told.
std::optional<SessionLife> bouncer_session_life(const Rows& databases, const Rows& config,
                                                const std::vector<std::string>& entries);
/// From `PGPOOL SHOW connection_life_time`: it counts from the last use, and 0 is no limit.
std::optional<SessionLife> pgpool_session_life(const std::string& value);

} // namespace pgtool
