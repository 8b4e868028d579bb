#include "commands/schema_move/findings.hpp"

#include "base/text.hpp"
#include "sql/quote.hpp"

#include <fmt/core.h>

namespace pgtool {
namespace {

// Every name that stands behind `schema.` in the text of a function. A body in SQL-standard form is
// kept by what it refers to, not as text: it follows the move by itself.
constexpr const char* functions_query = R"sql(
select p.oid::regprocedure::text as name,
       array_to_string(array(select distinct m[1] from
         regexp_matches(p.prosrc, $1, 'gi') m), chr(10)) as mentioned
  from pg_proc p
  join pg_language l on l.oid = p.prolang and l.lanname not in ('c', 'internal')
  join pg_namespace n on n.oid = p.pronamespace
 where n.nspname not in ('pg_catalog', 'information_schema') and p.prosrc ~* $1
   and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass
                      and d.objid = p.oid and d.deptype = 'e')
 order by 1)sql";

constexpr const char* paths_query = R"sql(
select p.oid::regprocedure::text as name,
       case p.prokind when 'p' then 'PROCEDURE' else 'FUNCTION' end as keyword,
       pg_get_userbyid(p.proowner) as owner, substr(c.config, length('search_path=') + 1) as path
  from pg_proc p
  cross join lateral unnest(p.proconfig) c(config)
 where c.config like 'search\_path=%'
   and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass
                      and d.objid = p.oid and d.deptype = 'e')
 order by 1)sql";

constexpr const char* has_jobs_query =
    "select to_regclass('cron.job') is not null"
    " and has_table_privilege(to_regclass('cron.job'), 'select') as has";
constexpr const char* jobs_query = R"sql(
select jobid::text as name,
       array_to_string(array(select distinct m[1] from
         regexp_matches(command, $1, 'gi') m), chr(10)) as mentioned
  from cron.job where command ~* $1 order by jobid)sql";

/// A regular expression for a name behind `schema.`, which it captures.
std::string mention_pattern(const std::string& schema) {
  std::string escaped;
  for (const char letter : schema) {
    const bool plain = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                       (letter >= '0' && letter <= '9') || letter == '_' || (letter & 0x80) != 0;
    escaped += (plain ? "" : "\\") + std::string(1, letter);
  }
  return R"re((?:^|[^[:alnum:]_$"])"?)re" + escaped +
         R"re("?[[:space:]]*[.][[:space:]]*("(?:[^"]|"")+"|[[:alnum:]_$]+))re";
}

std::string unquoted(const std::string& name) {
  return name.starts_with('"') && name.size() > 1 ? name.substr(1, name.size() - 2) : lower(name);
}

/// Texts that name objects of the old schema: an error where such an object moves away.
struct Mention {
  const char* rule;
  const char* what; ///< "function", "job of pg_cron"
  const char* remedy;
};

Findings mentions(const MoveScene& scene, const Rows& rows, const Mention& mention) {
  const auto moving = moving_names(scene.plan);
  Findings findings;
  for (int row = 0; row < rows.size(); ++row) {
    std::vector<std::string> moved;
    std::vector<std::string> others;
    for (const auto& name : split(rows.text(row, "mentioned"), '\n')) {
      (moving.contains(unquoted(name)) ? moved : others).push_back(name);
    }
    const auto& named = moved.empty() ? others : moved;
    findings.push_back({.rule = mention.rule,
                        .severity = moved.empty() ? Severity::warning : Severity::error,
                        .message = fmt::format("{} {} names schema {} for {}{}", mention.what,
                                               rows.text(row, "name"), scene.plan.emptied(),
                                               listed(named), moved.empty() ? "" : ", which moves"),
                        .where = {.object = rows.text(row, "name")},
                        .remedy = mention.remedy});
  }
  return findings;
}

void add_paths(const MoveScene& scene, Findings& findings) {
  const auto& plan = scene.plan;
  const auto rows = scene.session().query(paths_query);
  for (int row = 0; row < rows.size(); ++row) {
    const auto path = parse_search_path(rows.text(row, "path")).value_or(SearchPath{});
    const auto owner = rows.text(row, "owner");
    if (!leads_to(path, plan.emptied(), owner) || leads_to(path, plan.filled(), owner)) {
      continue;
    }
    const auto both = path_while_moving(path, {plan.emptied(), plan.filled()}, owner);
    findings.push_back(
        {.rule = "function-path",
         .severity = Severity::error,
         .message = fmt::format("function {} has a search_path of its own, {}, that does not lead "
                                "to schema {}",
                                rows.text(row, "name"), search_path_text(path), plan.filled()),
         .where = {.object = rows.text(row, "name")},
         .remedy = fmt::format("ALTER {} {} SET search_path = {};", rows.text(row, "keyword"),
                               rows.text(row, "name"), search_path_value(both))});
  }
}

// Other settings than the path, as default_text_search_config.
constexpr const char* other_settings_query = R"sql(
select coalesce(r.rolname, '') as role, split_part(c.config, '=', 1) as name, c.config as value
  from pg_db_role_setting s
  left join pg_roles r on r.oid = s.setrole
  cross join lateral unnest(s.setconfig) c(config)
 where s.setdatabase in (0, (select oid from pg_database where datname = current_database()))
   and c.config not like 'search\_path=%' and c.config ~* $1
 order by 1, 2)sql";

void add_other_settings(const MoveScene& scene, const std::string& pattern, Findings& findings) {
  const auto rows = scene.session().query(other_settings_query, {pattern});
  for (int row = 0; row < rows.size(); ++row) {
    const auto role = rows.text(row, "role");
    findings.push_back(
        {.rule = "setting-names-schema",
         .severity = Severity::error,
         .message = fmt::format("{} has a setting that names schema {}: {}",
                                role.empty() ? "the database" : "role " + role,
                                scene.plan.emptied(), rows.text(row, "name")),
         .where = {.object = role},
         .remedy = "write the name without a schema: the path finds it before and after the move"});
  }
}

void add_settings(const MoveScene& scene, Findings& findings) {
  const auto& plan = scene.plan;
  for (const auto& setting : scene.settings.all()) {
    const auto path = parse_search_path(setting.value).value_or(SearchPath{});
    const bool planned = std::any_of(plan.roles.begin(), plan.roles.end(),
                                     [&](const auto& role) { return role.role == setting.role; });
    const bool loses = leads_to(path, plan.emptied(), setting.role) &&
                       !leads_to(path, plan.filled(), setting.role);
    if (setting.role.empty() && loses) {
      findings.push_back(
          {.rule = "database-path",
           .severity = Severity::warning,
           .message = fmt::format("{} sets search_path to {}: roles without a path of their own "
                                  "will not see what moves",
                                  setting.in_database ? "ALTER DATABASE" : "ALTER ROLE ALL",
                                  setting.value),
           .remedy = "name such roles with --role"});
    } else if (!planned && loses && !setting.role.empty()) {
      findings.push_back(
          {.rule = "setting-names-schema",
           .severity = Severity::warning,
           .message = fmt::format("role {} has search_path {}, which does not lead to schema {}",
                                  setting.role, setting.value, plan.filled()),
           .where = {.object = setting.role},
           .remedy = "--role " + setting.role + " changes it with the move"});
    } else if (planned && plan.cluster_wide && setting.in_database) {
      findings.push_back(
          {.rule = "setting-names-schema",
           .severity = Severity::error,
           .message = fmt::format("role {} has search_path {} in this database, which wins over a "
                                  "cluster-wide one",
                                  setting.role, setting.value),
           .where = {.object = setting.role},
           .remedy = fmt::format("leave --cluster-wide out, or ALTER ROLE {} IN DATABASE {} RESET "
                                 "search_path;",
                                 quote_identifier(setting.role), quote_identifier(plan.database))});
    }
  }
}

} // namespace

Findings text_findings(const MoveScene& scene) {
  auto& session = scene.session();
  const auto pattern = mention_pattern(scene.plan.emptied());
  auto findings =
      mentions(scene, session.query(functions_query, {pattern}),
               {"function-names-schema", "function",
                "write the name without a schema, or with the new one once it has moved"});
  if (session.query(has_jobs_query).truth(0, "has")) {
    auto jobs = mentions(scene, session.query(jobs_query, {pattern}),
                         {"job-names-schema", "job of pg_cron",
                          "write the name without a schema, or change the job with the move"});
    findings.insert(findings.end(), jobs.begin(), jobs.end());
  }
  add_paths(scene, findings);
  add_other_settings(scene, pattern, findings);
  add_settings(scene, findings);
  return findings;
}

} // namespace pgtool
