#pragma once

#include "pg/connection.hpp"

#include <optional>
#include <string>

namespace pgtool {

/// What PgBouncer's admin console says of one of its databases. Columns are read by name, since
/// they differ between versions; the console knows the simple protocol only.
struct ConsoleDatabase {
  std::string name; ///< the pooler's own name for it
  std::string host; ///< "" means the default unix socket; may be a list
  std::string port;
  std::string database; ///< the real name behind it
  std::string forced_user;
};

/// The row of SHOW DATABASES for that name; nullopt when there is none or it may not be read.
std::optional<ConsoleDatabase> console_database(Connection& console, const std::string& name);

/// The effective pool mode of a database and user: SHOW POOLS, which knows the user's and the
/// database's own settings; nullopt when there is no such pool.
std::optional<std::string> console_pool_mode(Connection& console, const std::string& name,
                                             const std::string& user);

} // namespace pgtool
