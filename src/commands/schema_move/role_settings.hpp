#pragma once

#include "commands/schema_move/ledger.hpp"
#include "pg/connection.hpp"
#include "plan/move_plan.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pgtool {

/// The search_path settings of one database's roles, as the catalog holds them.
class RoleSettings {
public:
  /// Reads pg_db_role_setting.
  static RoleSettings read(Connection& session);

  /// The setting of that role at that scope; nullopt when there is none. A role of "" is ALTER
  /// DATABASE's setting, for every role.
  [[nodiscard]] std::optional<std::string> at(const std::string& role, bool cluster_wide) const;

  struct Setting {
    std::string role; ///< "" for all roles
    bool in_database; ///< only in this database
    std::string value;
  };
  [[nodiscard]] const std::vector<Setting>& all() const { return settings_; }

private:
  std::vector<Setting> settings_;
};

/// The server's own path, for roles without a setting; nullopt when a setting of this session's own
/// role hides it. To be asked before the session sets a path itself.
std::optional<std::string> server_path(Connection& session);

/// The path that a role's new sessions had before the move, by the strongest setting: in the
/// database, of the role, of the database, of the server.
SearchPath path_before(const RoleSettings& settings, const Ledger& ledger, const std::string& role,
                       bool cluster_wide, const std::string& server_path);

/// ALTER ROLE … SET search_path, or RESET for nullopt.
std::string alter_path_sql(const std::string& role, const std::string& database, bool cluster_wide,
                           const std::optional<SearchPath>& path);

} // namespace pgtool
