#include "commands/schema_move/findings.hpp"

#include "sql/quote.hpp"

#include <algorithm>
#include <array>
#include <fmt/core.h>

namespace pgtool {
namespace {

constexpr const char* astray_query = R"sql(
select i.identity
  from pgtool.schema_move m
  cross join lateral pg_identify_object(split_part(m.name, '/', 1)::oid,
                                        split_part(m.name, '/', 2)::oid, 0) i
 where m.what = 'object' and i.identity is not null
   and i.schema not in (quote_ident($1), quote_ident($2))
 order by 1)sql";

void add_astray(const MoveScene& scene, Findings& findings) {
  const auto& schemas = scene.plan.schemas;
  const auto rows = scene.session().query(astray_query, {schemas.source, schemas.target});
  std::vector<std::string> names;
  for (int row = 0; row < rows.size(); ++row) {
    names.push_back(rows.text(row, "identity"));
  }
  if (!names.empty()) {
    findings.push_back(
        {.rule = "not-in-place",
         .severity = Severity::error,
         .message = fmt::format("moved once, and in neither schema {} nor {} now: {}",
                                schemas.source, schemas.target, listed(names)),
         .remedy = "somebody moved them, or renamed the schema: put that back first"});
  }
}

/// A path that no step of the move has set belongs to somebody else.
void add_changed_paths(const MoveScene& scene, Findings& findings) {
  const auto& plan = scene.plan;
  for (const auto& role : plan.roles) {
    if (!scene.ledger.old_settings.contains(role.role)) {
      continue;
    }
    const auto& schemas = plan.schemas;
    const std::array<std::optional<SearchPath>, 4> ours = {
        path_while_moving(role.before, schemas, role.role),
        path_after_moving(role.before, schemas, role.role, true),
        path_after_moving(role.before, schemas, role.role, false),
        role.old_setting ? parse_search_path(*role.old_setting) : std::nullopt};
    const bool known = std::any_of(ours.begin(), ours.end(),
                                   [&](const auto& path) { return MovePlan::is_set(role, path); });
    if (!known) {
      findings.push_back(
          {.rule = "path-changed",
           .severity = Severity::error,
           .message = fmt::format(
               "role {} has {}, which the move did not set: it would be replaced", role.role,
               role.setting ? "search_path " + *role.setting : "no search_path"),
           .where = {.object = role.role},
           .remedy = "find out who set it; --accept path-changed replaces it"});
    }
  }
}

void add_cluster_wide(const MoveScene& scene, Findings& findings) {
  if (scene.plan.undo && scene.plan.cluster_wide) {
    findings.push_back(
        {.rule = "cluster-wide-undo",
         .severity = Severity::warning,
         .message =
             "the paths were set for all databases and are taken back in all of them: another "
             "database whose objects were moved with --cluster-wide, too, loses its path",
         .remedy = "set the path there with ALTER ROLE … IN DATABASE … SET search_path first"});
  }
}

} // namespace

Findings record_findings(const MoveScene& scene) {
  Findings findings;
  if (scene.ledger.exists) {
    add_astray(scene, findings);
    add_changed_paths(scene, findings);
    add_cluster_wide(scene, findings);
  }
  return findings;
}

} // namespace pgtool
