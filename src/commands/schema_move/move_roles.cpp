#include "commands/schema_move/move_roles.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace pgtool {
namespace {

// Everybody may set what holds for himself in new sessions. For others: a superuser, or CREATEROLE,
// to which PostgreSQL 16 adds the admin option; a superuser's settings are a superuser's business.
constexpr const char* may_alter_query = R"sql(
select r.rolsuper or r.rolname = $1
       or (r.rolcreaterole and not t.rolsuper
           and (current_setting('server_version_num')::int < 160000
                or pg_has_role(r.oid, t.oid, 'member with admin option'))) as may
  from pg_roles r, pg_roles t
 where r.rolname = current_user and t.rolname = $1)sql";

struct NamedRole {
  std::string role;
  std::string why;
};

void add(std::vector<NamedRole>& roles, const std::string& role, const std::string& why) {
  const bool known =
      std::any_of(roles.begin(), roles.end(), [&](const auto& one) { return one.role == role; });
  if (!known && !role.empty()) {
    roles.push_back({role, why});
  }
}

std::vector<NamedRole> named_roles(const SchemaMoveOptions& options, const MoveGround& ground) {
  std::vector<NamedRole> roles;
  for (const auto& alias : ground.aliases) {
    const bool forced = alias.role != alias.request.known.pooled.user();
    const auto words = alias.name.empty() ? "the pooled URL" : "alias '" + alias.name + "'";
    add(roles, alias.role, forced ? words + ", forced by the pooler" : words);
  }
  for (const auto& role : options.roles) {
    add(roles, role, "--role");
  }
  for (const auto& alias : ground.aliases) {
    const auto& said = options.common.connect.aliases;
    if (const auto found = said.find(alias.name); found != said.end()) {
      for (const auto& role : found->second.roles) {
        add(roles, role, "databases." + alias.name + ".roles");
      }
    }
  }
  return roles;
}

/// The number of a session that may change the role's settings; -1 when none may.
int session_for(MoveGround& ground, const std::string& role) {
  const auto sessions = ground.sessions();
  for (std::size_t i = 0; i < sessions.size(); ++i) {
    const auto answer = sessions[i]->connection().query(may_alter_query, {role});
    if (answer.truth(0, "may")) {
      return static_cast<int>(i);
    }
  }
  return -1;
}

/// False for one that an earlier run changed and that was dropped since: nothing is left to do for
/// it.
bool is_there(Connection& session, const NamedRole& role, const Ledger& ledger) {
  const auto found = session.query("select 1 from pg_roles where rolname = $1", {role.role});
  if (found.size() == 0 && !ledger.old_settings.contains(role.role)) {
    throw Error(Failure::usage,
                fmt::format("no role '{}' on the server ({})", role.role, role.why));
  }
  return found.size() != 0;
}

} // namespace

std::vector<RoleMove> find_role_moves(const SchemaMoveOptions& options, MoveGround& ground,
                                      const RoleSettings& settings, const Ledger& ledger,
                                      const std::string& server_path) {
  const bool wide = ledger.exists ? ledger.cluster_wide : options.cluster_wide;
  auto names = named_roles(options, ground);
  for (const auto& [role, setting] : ledger.old_settings) {
    add(names, role, "changed by the move before");
  }
  std::vector<RoleMove> roles;
  for (const auto& name : names) {
    if (!is_there(ground.connection(), name, ledger)) {
      continue;
    }
    RoleMove role;
    role.role = name.role;
    role.why = name.why;
    role.setting = settings.at(name.role, wide);
    const auto recorded = ledger.old_settings.find(name.role);
    role.old_setting = recorded != ledger.old_settings.end() ? recorded->second : role.setting;
    role.before = path_before(settings, ledger, name.role, wide, server_path);
    role.session = session_for(ground, name.role);
    roles.push_back(std::move(role));
  }
  return roles;
}

} // namespace pgtool
