#pragma once

#include "pg/connection.hpp"
#include "pooler/pool_mode.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pgtool {

/// Whose console it is: a kind as identify() names it, and the version.
struct ConsoleIdentity {
  std::string kind;
  std::string version;
};

/// Asks a session whether it is a pooler's console; nullopt when it is an ordinary database. Knows
/// PgBouncer, pgcat, PgDog and Odyssey. Consoles know the simple protocol only.
std::optional<ConsoleIdentity> ask_console(Connection& console);
/// The same from what was answered: the parameter status server_version, and the row or the notice
/// of SHOW VERSION (PgBouncer before 1.12 answers with a notice).
std::optional<ConsoleIdentity> console_identity(const std::string& server_version,
                                                const std::string& words);

/// What a console says of one of its databases. Columns are read by name, since they differ between
/// versions and poolers.
struct ConsoleDatabase {
  std::string name; ///< the pooler's own name for it
  std::string host; ///< "" means the default unix socket; may be a list
  std::string port;
  std::string database; ///< the real name behind it
  std::string forced_user;
  std::string mode; ///< its own pool mode; "" when it has none
  bool paused = false;
  bool disabled = false;
  std::int64_t pool_size = 0; ///< 0 when it is not told
};

/// The server sessions of one pool of PgBouncer, by SHOW POOLS.
struct PoolSessions {
  std::int64_t in_use = 0;
  std::int64_t free = 0;    ///< idle, or about to be
  std::int64_t opening = 0; ///< their logins are on the way
};

/// The entry for that name in the rows of SHOW DATABASES; nullopt when there is none. pgcat lists a
/// row for each server of a pool, called POOL_shard_N_ROLE: its first primary is taken.
std::optional<ConsoleDatabase> database_in(const Rows& databases, const std::string& name);
/// The same from SHOW POOLS of PgDog, which has no SHOW DATABASES.
std::optional<ConsoleDatabase> database_in_pools(const Rows& pools, const std::string& name);

/// The tables of a console from which a pool mode follows.
struct ConsoleTables {
  Rows pools;
  Rows users;
  Rows databases;
  Rows config;
};

/// The mode of a database and user: SHOW POOLS is what is in force; where they have no pool yet the
/// user's own setting comes before the database's and that before the global one (facts: measured
/// on PgBouncer 1.18). Unknown when no table tells it.
PoolMode mode_in(const ConsoleTables& tables, const std::string& name, const std::string& user);

/// Everything that a survey wants to know of a console.
struct ConsoleAnswer {
  std::optional<ConsoleDatabase> database;
  std::optional<PoolSessions> sessions; ///< nullopt when there is no such pool
  PoolMode mode;
  std::shared_ptr<const ConsoleTables> tables; ///< null when no console was asked
};
/// What tables are read: users and config only where the mode needs them, or always.
enum class ConsoleReach { mode, all };
ConsoleAnswer read_console(Connection& console, const ConsoleIdentity& identity,
                           const std::string& name, const std::string& user,
                           ConsoleReach reach = ConsoleReach::mode);

} // namespace pgtool
