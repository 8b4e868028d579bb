#include "commands/schema_move/ledger.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "sql/quote.hpp"

#include <fmt/core.h>

namespace pgtool {
namespace {

constexpr const char* find_query = R"sql(
select has_table_privilege(c.oid, 'select, insert, update, delete') as readable,
       pg_get_userbyid(c.relowner) as owner
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where n.nspname = 'pgtool' and c.relname = 'schema_move')sql";

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
    (detail == "early" ? ledger.undo_early : ledger.undo_late).push_back(name);
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
  const auto found = session.query(find_query);
  Ledger ledger;
  if (found.size() == 0) {
    return ledger;
  }
  if (!found.truth(0, "readable")) {
    throw Error(Failure::unknown,
                fmt::format("pgtool.schema_move, the record of a move, belongs to role {} and may "
                            "not be read by this one",
                            found.text(0, "owner")),
                "run it as the role that began the move");
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
      keep("move", "server path", server_path)};
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
  return keep("path", role, setting);
}

std::string undo(const std::string& statement, bool early) {
  return keep("undo", statement, early ? "early" : "late");
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
