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

/// The row for that name in what SHOW DATABASES answered; nullopt when there is none.
std::optional<ConsoleDatabase> console_database(const Rows& databases, const std::string& name);
/// The same, asked; nullopt also when it may not be read.
std::optional<ConsoleDatabase> console_database(Connection& console, const std::string& name);

/// The effective pool mode of a database and user in what SHOW POOLS answered, which knows the
/// user's and the database's own settings; nullopt when there is no such pool.
std::optional<std::string> console_pool_mode(const Rows& pools, const std::string& name,
                                             const std::string& user);
/// The same, asked; nullopt also when it may not be read.
std::optional<std::string> console_pool_mode(Connection& console, const std::string& name,
                                             const std::string& user);

} // namespace pgtool
