#include "commands/schema_move/ledger.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "sql/quote.hpp"

#include <fmt/core.h>

namespace pgtool {
namespace {

// Whoever could replace the record, or hang something on it, would have that run with our rights:
// a trigger, a view's function, a statement of the way back. So schema and table must belong to
// this role or to a superuser, the table must be an ordinary one, and nobody else may write it.
constexpr const char* trust_query = R"sql(
select n.nspowner = me.oid or o.rolsuper as schema_is_ours, o.rolname as schema_owner,
       c.oid is not null as exists, c.relowner = me.oid or t.rolsuper as table_is_ours,
       t.rolname as table_owner,
       c.relkind = 'r' and not c.relhasrules and not c.relrowsecurity and not c.relispartition
         and not exists (select from pg_inherits i where c.oid in (i.inhrelid, i.inhparent))
         and not exists (select from pg_trigger g where g.tgrelid = c.oid) as ordinary,
       exists (select from aclexplode(c.relacl) a
                where a.grantee <> c.relowner and a.privilege_type <> 'SELECT') as open,
       has_table_privilege(c.oid, 'select, insert, update, delete') as usable
  from pg_namespace n
  join pg_roles o on o.oid = n.nspowner
  join pg_roles me on me.rolname = current_user
  left join pg_class c on c.relnamespace = n.oid and c.relname = 'schema_move'
  left join pg_roles t on t.oid = c.relowner
 where n.nspname = 'pgtool')sql";

[[noreturn]] void refuse_record(const std::string& why, const std::string& hint) {
  throw Error(Failure::unknown,
              "pgtool.schema_move, the record of a move, is not to be trusted: " + why, hint);
}

/// Whether there is one; throws Error when it, or its schema, may not be used.
bool has_record(Connection& session) {
  const auto found = session.query(trust_query);
  if (found.size() == 0) {
    return false;
  }
  const bool exists = found.truth(0, "exists");
  if (!found.truth(0, "schema_is_ours")) {
    refuse_record(fmt::format("schema pgtool belongs to role {}", found.text(0, "schema_owner")),
                  "run it as that role, or let a superuser own the schema");
  }
  if (exists && !found.truth(0, "table_is_ours")) {
    refuse_record("it belongs to role " + found.text(0, "table_owner"),
                  "run it as the role that began the move");
  }
  if (exists && !found.truth(0, "ordinary")) {
    refuse_record("it is no ordinary table without triggers, rules and policies",
                  "it was not left like that by this command: find out who changed it");
  }
  if (exists && found.truth(0, "open")) {
    refuse_record("other roles than its owner may write it", "revoke that");
  }
  if (exists && !found.truth(0, "usable")) {
    throw Error(Failure::unknown,
                fmt::format("pgtool.schema_move, the record of a move, belongs to role {} and may "
                            "not be written by this one",
                            found.text(0, "table_owner")),
                "run it as the role that began the move");
  }
  return exists;
}

std::pair<std::uint32_t, std::uint32_t> object_key(const std::string& name) {
  const auto pieces = split(name, '/');
  const auto number = [&](std::size_t at) {
    return at < pieces.size() ? parse_integer(pieces[at]).value_or(0) : 0;
  };
  return {static_cast<std::uint32_t>(number(0)), static_cast<std::uint32_t>(number(1))};
}

/// Patterns hold no comma: options are split there.
std::vector<std::string> patterns_in(const std::string& detail) {
  return detail.empty() ? std::vector<std::string>{} : split(detail, ',');
}

// A copy of the record in another database (pg_dump takes it along) speaks of other objects.
constexpr const char* identity_sql =
    "(select oid::text from pg_database where datname = current_database())"
    " || '/' || 'pgtool.schema_move'::regclass::oid::text";

constexpr const char* renamed_query = R"sql(
select p.name as old, r.rolname as new
  from pgtool.schema_move m
  join pgtool.schema_move p on p.what = 'path' and p.name = m.name
  join pg_roles r on r.oid = m.detail::oid
 where m.what = 'role' and r.rolname <> m.name)sql";

void follow_renamed_roles(Connection& session, Ledger& ledger) {
  const auto rows = session.query(renamed_query);
  for (int row = 0; row < rows.size(); ++row) {
    auto role = ledger.old_settings.extract(rows.text(row, "old"));
    if (!role.empty()) {
      role.key() = rows.text(row, "new");
      ledger.old_settings.insert(std::move(role));
    }
  }
}

void expect_own(Connection& session, const std::string& identity) {
  const auto own = session.query(std::string("select ") + identity_sql + " as own").text(0, "own");
  if (!identity.empty() && identity != own) {
    throw Error(Failure::unknown,
                "pgtool.schema_move, the record of a move, came from another database: it was "
                "restored from a dump",
                "what it says is about that one; DROP TABLE pgtool.schema_move, when nothing is to "
                "be taken back here");
  }
}

void take_move(const std::string& name, const std::string& detail, Ledger& ledger) {
  if (name == "source") {
    ledger.schemas.source = detail;
  } else if (name == "target") {
    ledger.schemas.target = detail;
  } else if (name == "scope") {
    ledger.cluster_wide = detail == "cluster";
  } else if (name == "only") {
    ledger.only = patterns_in(detail);
  } else if (name == "exclude") {
    ledger.exclude = patterns_in(detail);
  } else if (name == "tables of django") {
    ledger.tables_of_django = detail == "true";
  } else if (name == "table") {
    ledger.identity = detail;
  } else if (name == "server path") {
    ledger.server_path = detail;
  }
}

void take_row(const Rows& rows, int row, Ledger& ledger) {
  const auto what = rows.text(row, "what");
  const auto name = rows.text(row, "name");
  const auto detail = rows.text(row, "detail");
  if (what == "move") {
    take_move(name, detail, ledger);
  } else if (what == "schema") {
    ledger.schema_created = detail == "created";
  } else if (what == "path") {
    ledger.old_settings[name] = rows.at(row, "detail");
  } else if (what == "undo") {
    auto words = split(detail, '\n');
    auto& undo = words.front() == "early" ? ledger.undo_early : ledger.undo_late;
    words.erase(words.begin());
    undo.push_back({"", name, std::move(words)});
  } else if (what == "object") {
    ledger.objects.insert(object_key(name));
  } else if (what == "resident") {
    ledger.residents.insert(object_key(name));
  } else if (what == "switched") {
    ledger.switched = name;
    ledger.moment = detail;
  } else if (what == "drained") {
    ledger.drained = true;
  }
}

std::string row_sql(const std::string& what, const std::string& name,
                    const std::optional<std::string>& detail, const char* conflict) {
  return fmt::format("insert into pgtool.schema_move (what, name, detail) values ({}, {}, {})"
                     " on conflict (what, name) {}",
                     quote_literal(what), quote_literal(name),
                     detail ? quote_literal(*detail) : "null", conflict);
}

std::string keep(const std::string& what, const std::string& name,
                 const std::optional<std::string>& detail) {
  return row_sql(what, name, detail, "do nothing");
}

std::string put(const std::string& what, const std::string& name, const std::string& detail) {
  return row_sql(what, name, detail, "do update set detail = excluded.detail, at = now()");
}

std::string key_of(const MoveObject& object) {
  return fmt::format("{}/{}", object.catalog, object.oid);
}

} // namespace

Ledger read_ledger(Connection& session) {
  Ledger ledger;
  if (!has_record(session)) {
    return ledger;
  }
  const auto rows = session.query("select what, name, detail from pgtool.schema_move order by at");
  ledger.exists = true;
  for (int row = 0; row < rows.size(); ++row) {
    take_row(rows, row, ledger);
  }
  if (ledger.schemas.source.empty() || ledger.schemas.target.empty()) {
    throw Error(Failure::unknown, "pgtool.schema_move does not say which schemas it is about",
                "it was not written by this command, or was changed by hand");
  }
  expect_own(session, ledger.identity);
  follow_renamed_roles(session, ledger);
  return ledger;
}

namespace ledger_sql {

std::string begin(const SchemaPair& schemas, bool cluster_wide, const std::string& server_path,
                  bool schema_is_there) {
  const std::vector<std::string> statements = {
      schema_is_there ? "select" : "create schema pgtool",
      "create table pgtool.schema_move (what text, name text, detail text,"
      " at timestamptz not null default clock_timestamp(), primary key (what, name))",
      "comment on table pgtool.schema_move is"
      " 'What pgtool schema-move needs to go on or back; dropped by --finish and --undo'",
      keep("move", "source", schemas.source),
      keep("move", "target", schemas.target),
      keep("move", "scope", cluster_wide ? "cluster" : "database"),
      keep("move", "server path", server_path),
      std::string("insert into pgtool.schema_move (what, name, detail) select 'move', 'table', ") +
          identity_sql};
  return join(statements, "; ");
}

std::string chosen(const std::vector<std::string>& only, const std::vector<std::string>& exclude,
                   bool tables_of_django) {
  return put("move", "only", join(only, ",")) + "; " + put("move", "exclude", join(exclude, ",")) +
         "; " + put("move", "tables of django", tables_of_django ? "true" : "false");
}

std::string schema(const std::string& name, bool created) {
  return keep("schema", name, created ? "created" : "was there");
}

std::string old_setting(const std::string& role, const std::optional<std::string>& setting) {
  return keep("path", role, setting) +
         fmt::format(
             "; insert into pgtool.schema_move (what, name, detail) select 'role', rolname, "
             "oid::text from pg_roles where rolname = {} on conflict do nothing",
             quote_literal(role));
}

std::string undo(const PrivilegeChange& change, bool early) {
  auto words = change.roles;
  words.insert(words.begin(), early ? "early" : "late");
  return keep("undo", change.back, join(words, "\n"));
}

std::string object(const MoveObject& object, const std::string& from) {
  return put("object", key_of(object), from + ": " + object.identity);
}

std::string resident(const MoveObject& object) {
  return keep("resident", key_of(object), object.identity);
}

std::string forget_object(const MoveObject& object) {
  return "delete from pgtool.schema_move where what = 'object' and name = " +
         quote_literal(key_of(object));
}

std::string switched(const std::string& name, const std::string& moment) {
  return switching() +
         fmt::format(
             "; insert into pgtool.schema_move (what, name, detail) values ('switched', {}, "
             "{})",
             quote_literal(name), moment);
}

std::string drained(const std::string& name) { return keep("drained", name, std::nullopt); }

std::string switching() {
  return "delete from pgtool.schema_move where what in ('switched', 'drained')";
}

std::string drop() {
  return "drop table pgtool.schema_move; do $$ begin drop schema pgtool;"
         " exception when dependent_objects_still_exist or insufficient_privilege then null;"
         " end $$";
}

} // namespace ledger_sql

} // namespace pgtool
