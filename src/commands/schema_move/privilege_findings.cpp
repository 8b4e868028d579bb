#include "commands/schema_move/findings.hpp"

#include "commands/schema_move/role_settings.hpp"
#include "sql/quote.hpp"

#include <fmt/core.h>
#include <map>

namespace pgtool {
namespace {

constexpr const char* own_query = R"sql(
select current_user as role, r.rolsuper as super,
       has_database_privilege(current_database(), 'create') as may_create,
       (select has_schema_privilege(oid, 'create') from pg_namespace where nspname = $1) as may_fill,
       (select pg_has_role(nspowner, 'usage') from pg_namespace where nspname = $1) as owns_filled,
       (select pg_has_role(nspowner, 'usage') from pg_namespace where nspname = $2) as owns_emptied,
       (select pg_get_userbyid(nspowner) from pg_namespace where nspname = $1) as owner_filled,
       (select pg_get_userbyid(nspowner) from pg_namespace where nspname = $2) as owner_emptied,
       (select has_schema_privilege(oid, 'create') from pg_namespace where nspname = 'pgtool')
         as may_note
  from pg_roles r where r.rolname = current_user)sql";

// Owners of what moves, by the catalogs that move; $1 is the schema. Others than ours only.
constexpr const char* owners_query = R"sql(
with here as (select oid as schema from pg_namespace where nspname = $1),
owned as (
  select tableoid, oid, relowner as owner from pg_class, here
   where relnamespace = schema and relkind in ('r', 'p', 'f', 'v', 'm', 'S', 'c')
  union all select tableoid, oid, typowner from pg_type, here
   where typnamespace = schema and typrelid = 0
  union all select tableoid, oid, proowner from pg_proc, here where pronamespace = schema
  union all select tableoid, oid, oprowner from pg_operator, here where oprnamespace = schema
  union all select tableoid, oid, opcowner from pg_opclass, here where opcnamespace = schema
  union all select tableoid, oid, opfowner from pg_opfamily, here where opfnamespace = schema
  union all select tableoid, oid, collowner from pg_collation, here where collnamespace = schema
  union all select tableoid, oid, conowner from pg_conversion, here where connamespace = schema
  union all select tableoid, oid, cfgowner from pg_ts_config, here where cfgnamespace = schema
  union all select tableoid, oid, dictowner from pg_ts_dict, here where dictnamespace = schema
  union all select tableoid, oid, stxowner from pg_statistic_ext, here where stxnamespace = schema)
select o.tableoid as catalog, o.oid, r.rolname as owner, r.rolsuper as super
  from owned o join pg_roles r on r.oid = o.owner
 where not pg_has_role(o.owner, 'usage'))sql";

Finding missing(std::string message, std::string remedy) {
  return {.rule = "missing-privilege",
          .severity = Severity::error,
          .message = std::move(message),
          .remedy = std::move(remedy)};
}

/// One finding for each owner that we are not.
void add_owners(const MoveScene& scene, const std::string& role, Findings& findings) {
  std::map<std::string, std::string> foreign; // catalog/oid → owner
  const auto rows = scene.session().query(owners_query, {scene.plan.emptied()});
  for (int row = 0; row < rows.size(); ++row) {
    foreign[rows.text(row, "catalog") + "/" + rows.text(row, "oid")] = rows.text(row, "owner");
  }
  std::map<std::string, std::vector<std::string>> by_owner;
  for (const auto& object : scene.plan.inventory.objects) {
    const auto found = foreign.find(fmt::format("{}/{}", object.catalog, object.oid));
    if (found != foreign.end()) {
      by_owner[found->second].push_back(object.identity);
    }
  }
  for (const auto& [owner, objects] : by_owner) {
    findings.push_back(
        missing(fmt::format("role {} does not own {} (role {} does)", role, listed(objects), owner),
                fmt::format("GRANT {} TO {};", quote_identifier(owner), quote_identifier(role))));
  }
}

void add_schemas(const MoveScene& scene, const Rows& own, Findings& findings) {
  const auto& plan = scene.plan;
  const auto role = own.text(0, "role");
  const auto database = quote_identifier(plan.database);
  const bool note_missing =
      own.at(0, "may_note") ? !own.truth(0, "may_note") : !own.truth(0, "may_create");
  if (plan.creates_schema && !plan.undo && !own.truth(0, "may_create")) {
    findings.push_back(missing(
        fmt::format("role {} may not create schema {}", role, plan.schemas.target),
        fmt::format("GRANT CREATE ON DATABASE {} TO {};", database, quote_identifier(role))));
  } else if (!scene.ledger.exists && note_missing) {
    findings.push_back(missing(
        fmt::format("role {} may not create schema pgtool, where the move is recorded", role),
        own.at(0, "may_note")
            ? fmt::format("GRANT CREATE ON SCHEMA pgtool TO {};", quote_identifier(role))
            : fmt::format("GRANT CREATE ON DATABASE {} TO {};", database, quote_identifier(role))));
  }
  // What --protect-old revoked is given back before anything moves back.
  const bool given_back = plan.undo && !scene.ledger.undo_early.empty();
  if (own.at(0, "may_fill") && !own.truth(0, "may_fill") && !given_back) {
    findings.push_back(
        missing(fmt::format("role {} may not create anything in schema {}", role, plan.filled()),
                fmt::format("GRANT CREATE ON SCHEMA {} TO {};", quote_identifier(plan.filled()),
                            quote_identifier(role))));
  }
  if (!plan.undo && !plan.grants.empty() && own.at(0, "owns_filled") &&
      !own.truth(0, "owns_filled")) {
    findings.push_back(
        missing(fmt::format("role {} may not grant on schema {}", role, plan.filled()),
                fmt::format("GRANT {} TO {};", quote_identifier(own.text(0, "owner_filled")),
                            quote_identifier(role))));
  }
  if (!plan.revokes.empty() && !own.truth(0, "owns_emptied")) {
    findings.push_back(missing(
        fmt::format("--protect-old: role {} may not revoke on schema {}", role, plan.emptied()),
        fmt::format("GRANT {} TO {};", quote_identifier(own.text(0, "owner_emptied")),
                    quote_identifier(role))));
  }
}

/// Without its path the role would lose its tables: nothing to go on with, whatever is accepted.
void add_roles(const MoveScene& scene, const std::string& role, Findings& findings) {
  const bool by_admin =
      scene.ground.chosen().survey.direct->session.facts().server_version_number >= 160000;
  for (const auto& move : scene.plan.roles) {
    const bool led = leads_to(move.before, scene.plan.schemas.source, move.role);
    const bool paused_elsewhere = scene.plan.strategy == MoveStrategy::pause && move.session > 0;
    if (!led || (move.session >= 0 && !paused_elsewhere)) {
      continue;
    }
    const auto grant = fmt::format("ALTER ROLE {} CREATEROLE;", quote_identifier(role)) +
                       (by_admin ? fmt::format(" GRANT {} TO {} WITH ADMIN OPTION;",
                                               quote_identifier(move.role), quote_identifier(role))
                                 : "");
    Finding finding;
    finding.rule = path_not_changeable;
    finding.severity = Severity::error;
    finding.message = fmt::format("role {} may not change the search_path of role {} ({})", role,
                                  move.role, move.why);
    finding.where.object = move.role;
    if (paused_elsewhere) {
      finding.detail =
          "with --strategy pause everything has to happen in one transaction, so in one session";
    }
    finding.remedy = grant + " Or name a superuser's direct URL with --direct-url";
    findings.push_back(std::move(finding));
  }
}

/// They change nothing for what moves, only for what that role will create one day.
void add_grants_of_others(const MoveScene& scene, Findings& findings) {
  const auto& statements = scene.plan.grants_of_others;
  if (statements.empty()) {
    return;
  }
  std::string remedy = "let that role, or a superuser, say this once the schema is there:";
  for (const auto& statement : statements) {
    remedy += "\n" + statement + ";";
  }
  findings.push_back({.rule = "default-privileges",
                      .severity = Severity::warning,
                      .message = fmt::format(
                          "another role's default privileges in schema {} are not this role's to "
                          "copy: what it creates in schema {} later will lack them",
                          scene.plan.emptied(), scene.plan.filled()),
                      .remedy = std::move(remedy)});
}

} // namespace

Findings privilege_findings(const MoveScene& scene) {
  const auto own = scene.session().query(own_query, {scene.plan.filled(), scene.plan.emptied()});
  const auto role = own.text(0, "role");
  Findings findings;
  if (!own.truth(0, "super")) {
    add_schemas(scene, own, findings);
    add_owners(scene, role, findings);
  }
  add_roles(scene, role, findings);
  add_grants_of_others(scene, findings);
  return findings;
}

} // namespace pgtool
