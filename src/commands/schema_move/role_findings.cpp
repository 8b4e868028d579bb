#include "commands/schema_move/findings.hpp"

#include "base/text.hpp"
#include "sql/quote.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace pgtool {
namespace {

// Login roles that may use something of the schema, by themselves or through a group, and how many
// sessions each has here. Superusers see everything and need no grant: those that are at work here
// are listed, too.
constexpr const char* users_query = R"sql(
with granted as (
  select distinct a.grantee
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace and n.nspname = $1
    cross join lateral aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) a
   where c.relkind in ('r', 'p', 'v', 'm', 'f')
     and a.privilege_type in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')),
sessions as (
  select usename as role, count(*) as number, min(application_name) as application
    from pg_stat_activity
   where datname = current_database() and pid <> pg_backend_pid()
     and application_name <> 'pgtool' and coalesce(backend_type, 'client backend') = 'client backend'
   group by usename)
select r.rolname as role, r.rolsuper as super, coalesce(s.number, 0) as sessions, s.application,
       r.rolname <> all (array[{}]::text[]) as other
  from pg_roles r
  left join sessions s on s.role = r.rolname
 where r.rolcanlogin
   and ((not r.rolsuper and exists (select from granted g
                                     where g.grantee = 0 or pg_has_role(r.oid, g.grantee, 'usage')))
        or (r.rolsuper and s.number > 0))
 order by 1)sql";

std::string planned_roles(const MovePlan& plan) {
  std::vector<std::string> names;
  for (const auto& role : plan.roles) {
    names.push_back(role.role);
  }
  return quote_literals(names);
}

} // namespace

Findings role_findings(const MoveScene& scene) {
  const auto rows = scene.session().query(
      fmt::format(fmt::runtime(users_query), planned_roles(scene.plan)), {scene.plan.emptied()});
  Findings findings;
  std::vector<std::string> without_sessions;
  for (int row = 0; row < rows.size(); ++row) {
    const auto role = rows.text(row, "role");
    if (!rows.truth(row, "other")) {
      continue;
    }
    if (rows.text(row, "sessions") == "0") {
      without_sessions.push_back(role);
      continue;
    }
    const auto application = rows.text(row, "application");
    findings.push_back(
        {.rule = "role-in-use",
         .severity = rows.truth(row, "super") ? Severity::warning : Severity::error,
         .message = fmt::format(
             "role {} has {} open here{} and may use what moves; its path stays as "
             "it is",
             role,
             rows.text(row, "sessions") == "1" ? "a session"
                                               : rows.text(row, "sessions") + " sessions",
             application.empty() ? "" : " (application " + application + ")"),
         .where = {.object = role},
         .remedy = "--role " + role + " changes its path with the move"});
  }
  if (!without_sessions.empty()) {
    findings.push_back(
        {.rule = "role-not-changed",
         .severity = Severity::warning,
         .message = fmt::format("{} may use what moves and {} path: {}",
                                without_sessions.size() == 1 ? "another role" : "other roles",
                                without_sessions.size() == 1 ? "keeps its" : "keep their",
                                listed(without_sessions)),
         .remedy = "--role changes the path of one with the move"});
  }
  return findings;
}

} // namespace pgtool
