#include "pooler/console.hpp"

namespace pgtool {

std::optional<ConsoleDatabase> console_database(Connection& console, const std::string& name) {
  const auto answer = console.attempt("show databases");
  for (int row = 0; answer.ok() && row < answer.rows.size(); ++row) {
    if (answer.rows.text(row, "name") == name) {
      return ConsoleDatabase{name, answer.rows.text(row, "host"), answer.rows.text(row, "port"),
                             answer.rows.text(row, "database"),
                             answer.rows.text(row, "force_user")};
    }
  }
  return std::nullopt;
}

std::optional<std::string> console_pool_mode(Connection& console, const std::string& name,
                                             const std::string& user) {
  const auto answer = console.attempt("show pools");
  for (int row = 0; answer.ok() && row < answer.rows.size(); ++row) {
    if (answer.rows.text(row, "database") == name && answer.rows.text(row, "user") == user) {
      return answer.rows.at(row, "pool_mode");
    }
  }
  return std::nullopt;
}

} // namespace pgtool
