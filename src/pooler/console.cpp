#include "pooler/console.hpp"

namespace pgtool {

std::optional<ConsoleDatabase> console_database(const Rows& databases, const std::string& name) {
  for (int row = 0; row < databases.size(); ++row) {
    if (databases.text(row, "name") == name) {
      return ConsoleDatabase{name, databases.text(row, "host"), databases.text(row, "port"),
                             databases.text(row, "database"), databases.text(row, "force_user")};
    }
  }
  return std::nullopt;
}

std::optional<ConsoleDatabase> console_database(Connection& console, const std::string& name) {
  const auto answer = console.attempt("show databases");
  return answer.ok() ? console_database(answer.rows, name) : std::nullopt;
}

std::optional<std::string> console_pool_mode(const Rows& pools, const std::string& name,
                                             const std::string& user) {
  for (int row = 0; row < pools.size(); ++row) {
    if (pools.text(row, "database") == name && pools.text(row, "user") == user) {
      return pools.at(row, "pool_mode");
    }
  }
  return std::nullopt;
}

std::optional<std::string> console_pool_mode(Connection& console, const std::string& name,
                                             const std::string& user) {
  const auto answer = console.attempt("show pools");
  return answer.ok() ? console_pool_mode(answer.rows, name, user) : std::nullopt;
}

} // namespace pgtool
