#include "commands/migrate/database_checks.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "commands/migrate/sequences_behind.hpp"
#include "connector/deploy_lock.hpp"
#include "connector/shared_backends.hpp"
#include "sql/quote.hpp"
#include "sql/search_path.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <iterator>

namespace pgtool {
namespace {

/// A session to look with, and what it says of itself.
struct Sight {
  Connection& session;
  const SessionFacts& told;

  [[nodiscard]] Connection& connection() const { return session; }
  [[nodiscard]] const SessionFacts& facts() const { return told; }
};

Sight sight_of(DirectSession& session) { return {session.connection(), session.facts()}; }

/// Rows for the check of that name; none, and why, where they cannot be had.
Rows rows_for(const Sight& session, const std::string& what, const std::string& sql,
              const std::vector<std::string>& parameters, Checked& checked) {
  auto found = session.connection().attempt(sql, parameters);
  if (!found.ok()) {
    checked.unknown.push_back({what, found.refusal->message, ""});
  }
  return std::move(found.rows);
}

Finding finding(std::string rule, Severity severity, std::string message, std::string object,
                std::string remedy) {
  Finding finding;
  finding.rule = std::move(rule);
  finding.severity = severity;
  finding.message = std::move(message);
  finding.where.object = std::move(object);
  finding.remedy = std::move(remedy);
  return finding;
}

// While somebody builds or rebuilds an index of the table, one that is not valid may be theirs. An
// index on a partitioned table is not valid until each partition has its own.
constexpr const char* invalid_indexes = R"sql(
select n.nspname, c.relname, i.indrelid::regclass::text as "table"
  from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
 where not i.indisvalid and c.relkind = 'i' and c.relpersistence <> 't' and n.nspname <> 'pg_toast'
   and not exists (select from pg_locks l join pg_stat_activity a on a.pid = l.pid
                    where l.relation = i.indrelid and l.mode = 'ShareUpdateExclusiveLock' and a.usesysid is not null)
 order by 1, 2 limit 100)sql";

void check_indexes(const Sight& session, Checked& checked) {
  const auto rows = rows_for(session, "invalid indexes", invalid_indexes, {}, checked);
  for (int row = 0; row < rows.size(); ++row) {
    const auto index = rows.text(row, "nspname") + "." + rows.text(row, "relname");
    checked.findings.push_back(finding(
        "invalid-index", Severity::warning,
        fmt::format("index {} on {} is invalid: no query uses it, each write keeps it up", index,
                    rows.text(row, "table")),
        index,
        fmt::format("DROP INDEX CONCURRENTLY {}.{};", quote_identifier(rows.text(row, "nspname")),
                    quote_identifier(rows.text(row, "relname")))));
  }
}

// One that PostgreSQL 18 does not enforce is not meant to be valid.
constexpr const char* not_validated = R"sql(
select c.conname, c.conrelid::regclass::text as "table" from pg_constraint c
 where not c.convalidated and c.conrelid <> 0 and c.contype in ('c', 'f', 'n') and c.conparentid = 0
   and to_jsonb(c) ->> 'conenforced' is distinct from 'false'
 order by 2, 1 limit 100)sql";

void check_constraints(const Sight& session, Checked& checked) {
  const auto rows = rows_for(session, "constraints NOT VALID", not_validated, {}, checked);
  for (int row = 0; row < rows.size(); ++row) {
    const auto table = rows.text(row, "table");
    const auto name = rows.text(row, "conname");
    checked.findings.push_back(finding(
        "constraint-not-valid", Severity::info,
        fmt::format("constraint {} of {} is NOT VALID: rows from before it may break it", name,
                    table),
        table + "." + name,
        fmt::format("ALTER TABLE {} VALIDATE CONSTRAINT {};", table, quote_identifier(name))));
  }
}

constexpr const char* twice = R"sql(
select c.relname, string_agg(n.nspname, ', ' order by array_position($1::text[], n.nspname::text)) as schemas,
       string_agg(format('SELECT count(*) FROM %I.%I;', n.nspname, c.relname), ' '
                  order by array_position($1::text[], n.nspname::text)) as counts
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where n.nspname = any ($1::text[]) and c.relkind in ('r', 'p', 'v', 'm', 'f') and c.relname <> 'django_migrations'
 group by c.relname having count(*) > 1 order by 1 limit 100)sql";

void check_phantoms(const Sight& session, Checked& checked) {
  const auto rows =
      rows_for(session, "tables in two schemas", twice, {session.facts().schemas}, checked);
  for (int row = 0; row < rows.size(); ++row) {
    const auto name = rows.text(row, "relname");
    checked.findings.push_back(
        finding("phantom-table", Severity::warning,
                fmt::format("{} stands in several schemas of the path ({}): sessions with another "
                            "path use another one",
                            name, rows.text(row, "schemas")),
                name, rows.text(row, "counts")));
    checked.findings.back().detail = "look which of them has the rows before you drop one";
  }
}

constexpr const char* other_records = R"sql(
with kept as (
  select c.oid, n.nspname, array_position($1::text[], n.nspname::text) as place
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where c.relname = 'django_migrations' and c.relkind in ('r', 'p') and c.relpersistence <> 't')
select nspname, quote_ident(nspname) || '.django_migrations' as name from kept
 where oid <> (select oid from kept where place is not null order by place limit 1)
 order by 1)sql";

void check_records(const Sight& session, const std::string& engine, Checked& checked) {
  constexpr int most = 2; // more of them are a database of tenants
  const auto rows = rows_for(session, "django_migrations elsewhere", other_records,
                             {session.facts().schemas}, checked);
  const bool of_tenants = engine.find("tenant") != std::string::npos ||
                          engine.find("schema") != std::string::npos || rows.size() > most;
  for (int row = 0; !of_tenants && row < rows.size(); ++row) {
    checked.findings.push_back(finding(
        "second-django-migrations", Severity::warning,
        fmt::format("schema {} has a django_migrations, too: a migrate without the path "
                    "that this session has would find other tables there",
                    rows.text(row, "nspname")),
        rows.text(row, "name"), fmt::format("SELECT app, name FROM {};", rows.text(row, "name"))));
    checked.findings.back().detail = "compare the two before you drop one";
  }
}

constexpr const char* rights = R"sql(
select ($1::text[])[1] as schema, current_user as role,
       (select reset_val from pg_settings where name = 'search_path') as path,
       coalesce(has_schema_privilege(($1::text[])[1], 'CREATE'), false) as may_create)sql";

void check_rights(const Sight& session, Checked& checked) {
  const auto rows =
      rows_for(session, "rights on the schema", rights, {session.facts().schemas}, checked);
  if (rows.size() == 0) {
    return;
  }
  const auto schema = rows.text(0, "schema");
  const auto role = rows.text(0, "role");
  if (schema.empty()) {
    checked.findings.push_back(finding(
        "no-create-privilege", Severity::warning,
        fmt::format("no schema of the path ({}) is there and usable for role {}: nothing can be "
                    "created",
                    rows.text(0, "path"), role),
        role, "CREATE SCHEMA, or GRANT USAGE, CREATE ON SCHEMA … TO " + quote_identifier(role)));
  } else if (!rows.truth(0, "may_create")) {
    checked.findings.push_back(finding(
        "no-create-privilege", Severity::warning,
        fmt::format("role {} may not create in schema {}: CreateModel and indexes will fail", role,
                    schema),
        schema,
        fmt::format("GRANT CREATE ON SCHEMA {} TO {};", quote_identifier(schema),
                    quote_identifier(role))));
  }
}

/// Our own session has another path by now: what a new one has is meant.
void check_path(const Sight& session, Checked& checked) {
  const auto setting =
      rows_for(session, "the path", "select reset_val from pg_settings where name = 'search_path'",
               {}, checked);
  const auto path = parse_search_path(setting.text(0, "reset_val"));
  Value names = Value::array();
  for (const auto& name : path.value_or(SearchPath{})) {
    names.add(name);
  }
  const auto rows = rows_for(session, "schemas of the path",
                             "select name from json_array_elements_text($1::json) name"
                             " where name not in ('$user', 'pg_temp', 'pg_catalog')"
                             " and not exists (select from pg_namespace where nspname = name)",
                             {dump_json(names)}, checked);
  for (int row = 0; row < rows.size(); ++row) {
    const auto name = rows.text(row, "name");
    checked.findings.push_back(
        finding("schema-missing", Severity::warning,
                fmt::format("the path names schema {}, which does not exist: what is created goes "
                            "to the next one",
                            name),
                name, fmt::format("CREATE SCHEMA {};", quote_identifier(name))));
  }
}

// $1: the pooler's session that the survey saw, $2: the class of our own locks.
constexpr const char* stranded = R"sql(
select distinct a.pid, a.usename, round(extract(epoch from clock_timestamp() - a.state_change))::bigint as age,
       case l.objsubid when 1 then ((l.classid::bigint << 32) | l.objid::bigint)::text
            else l.classid || ', ' || l.objid end as key
  from pg_stat_activity a join pg_locks l on l.pid = a.pid and l.locktype = 'advisory' and l.granted
 where a.state = 'idle' and a.datname = current_database() and a.pid <> pg_backend_pid()
   and l.database = (select oid from pg_database where datname = current_database())
   and not (l.objsubid = 2 and l.classid = $2::oid)
   and exists (select from pg_stat_activity p where p.pid = $1::int and p.client_addr is not distinct from a.client_addr)
 order by 1 limit 20)sql";

/// An idle session with a lock may be a client's that connects directly, or that has it for itself:
/// stranded is what the pooler gives to others.
void check_stranded(DirectSession& session, const Survey& survey, const SurveyRequest& request,
                    Checked& checked) {
  const bool has_pooler = survey.direct && !survey.direct->is_pooled_endpoint;
  if (!has_pooler || !survey.pooled_facts) {
    return;
  }
  const auto rows = rows_for(
      sight_of(session), "advisory locks of the pooler's sessions", stranded,
      {std::to_string(survey.pooled_facts->server_pid), std::to_string(lock_class)}, checked);
  constexpr int clients = 8;
  const auto shared = rows.size() == 0 ? std::set<int>{} : shared_backends(request, clients);
  for (int row = 0; row < rows.size(); ++row) {
    const auto pid = rows.text(row, "pid");
    if (!shared.contains(static_cast<int>(parse_integer(pid).value_or(0)))) {
      continue;
    }
    checked.findings.push_back(finding(
        "advisory-lock-stranded", Severity::warning,
        fmt::format(
            "a session that the pooler gives to any client (pid {}, role {}, idle for {} s) "
            "holds advisory lock {}: whoever took it cannot free it any more",
            pid, rows.text(row, "usename"), rows.text(row, "age"), rows.text(row, "key")),
        "pid " + pid, fmt::format("SELECT pg_terminate_backend({});", pid)));
  }
}

// How many of the things that a migration makes are there, and of those that it takes away are
// gone. A table's name may hold its schema, as in shop"."order. $2: our schemas.
constexpr const char* effects_query = R"sql(
with thing as (
  select m.name, k.kind, r."column", r."constraint", r.relation, coalesce(r."table", r.relation) as "table"
    from json_to_recordset($1::json) as m(name text, there json, gone json)
   cross join lateral (values ('there', m.there), ('gone', m.gone)) k(kind, things)
   cross join lateral json_to_recordset(k.things) as r("table" text, "column" text, "constraint" text, relation text)),
found as (
  select thing.*, c.oid,
         case when "column" is not null then exists (select from pg_attribute a
                where a.attrelid = c.oid and a.attname = "column" and not a.attisdropped)
              when "constraint" is not null then exists (select from pg_constraint o
                where o.conrelid = c.oid and o.conname = "constraint")
              else c.oid is not null end as is_there
    from thing
    left join lateral (
      select p.oid from pg_class p join pg_namespace n on n.oid = p.relnamespace
       where case when btrim("table", '"') like '%"."%'
                  then n.nspname = split_part(btrim("table", '"'), '"."', 1)
                   and p.relname = split_part(btrim("table", '"'), '"."', 2)
                  else n.nspname = any ($2::text[]) and p.relname = btrim("table", '"') end
       order by array_position($2::text[], n.nspname::text) limit 1) c on true)
select name from found group by name
having bool_and(is_there = (kind = 'there')) and bool_and(oid is not null or "column" is null)
 order by 1)sql";

Checked check_conflicts(const Value& told) {
  Checked checked;
  for (const auto& [app, names] : told.members()) {
    std::vector<std::string> leaves;
    for (const auto& name : names.elements()) {
      leaves.push_back(name.text());
    }
    checked.findings.push_back(
        finding("conflicting-migrations", Severity::error,
                fmt::format("{} has several last migrations: {}", app, join(leaves, ", ")), app,
                "manage.py makemigrations --merge"));
  }
  return checked;
}

Checked check_unrecorded(DirectSession& session, const Value& told) {
  Checked checked;
  const auto rows = rows_for(sight_of(session), "migrations that are not recorded", effects_query,
                             {dump_json(told), session.facts().schemas}, checked);
  for (int row = 0; row < rows.size(); ++row) {
    const auto name = rows.text(row, "name");
    const auto dot = name.find('.');
    checked.findings.push_back(finding(
        "unrecorded-migration", Severity::warning,
        fmt::format("{} is not recorded as applied, but all that it makes is there", name), name,
        fmt::format("pgtool migrate --fake {} {}", name.substr(0, dot), name.substr(dot + 1))));
    checked.findings.back().detail =
        "if it was applied, by a run that was killed or by hand, record it";
  }
  return checked;
}

} // namespace

void Checked::add(Checked more) {
  findings.insert(findings.end(), std::make_move_iterator(more.findings.begin()),
                  std::make_move_iterator(more.findings.end()));
  unknown.insert(unknown.end(), std::make_move_iterator(more.unknown.begin()),
                 std::make_move_iterator(more.unknown.end()));
}

Checked check_before(DirectSession& session, const Survey& survey, const SurveyRequest& request) {
  auto checked = check_ground(session.connection(), session.facts());
  check_stranded(session, survey, request, checked);
  return checked;
}

Checked check_ground(Connection& session, const SessionFacts& facts) {
  Checked checked;
  const Sight sight{session, facts};
  check_rights(sight, checked);
  check_path(sight, checked);
  return checked;
}

Checked check_leftovers(DirectSession& session, const std::string& engine) {
  auto checked = check_catalog(session.connection(), session.facts(), engine);
  checked.add(sequences_behind(session));
  return checked;
}

Checked check_catalog(Connection& session, const SessionFacts& facts, const std::string& engine) {
  Checked checked;
  const Sight sight{session, facts};
  check_indexes(sight, checked);
  check_phantoms(sight, checked);
  check_records(sight, engine, checked);
  check_constraints(sight, checked);
  return checked;
}

Checked check_told(DirectSession* session, const Value& message) {
  if (message["event"].text() == "conflicts") {
    return check_conflicts(message["apps"]);
  }
  return session == nullptr ? Checked{} : check_unrecorded(*session, message["migrations"]);
}

} // namespace pgtool
