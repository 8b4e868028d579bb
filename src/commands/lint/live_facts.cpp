#include "commands/lint/live_facts.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "rules/reading/remarks.hpp"
#include "sql/type_named.hpp"

namespace pgtool {
namespace {

// The names come as JSON, since an array would have to be quoted.
constexpr const char* wanted = R"sql(
with recursive named as (
  select c.oid, case when c.relkind in ('i', 'I') then x.indrelid else c.oid end as relation
    from pg_catalog.pg_class c left join pg_catalog.pg_index x on x.indexrelid = c.oid
   where c.relname in (select json_array_elements_text($1::json))
     and c.relkind in ('r', 'p', 'm', 'i', 'I') and c.relpersistence <> 't'
     -- An index is known by its name alone: it has to be the one that a statement finds.
     and (c.relkind not in ('i', 'I') or c.relnamespace in (
           select m.oid from pg_catalog.pg_namespace m
             join json_array_elements_text($2::json) p(schema) on p.schema = m.nspname))),
tables as (
  select distinct c.oid, n.nspname as schema, c.relname as name, c.relkind as kind,
         c.oid = (select s.oid from pg_catalog.pg_class s
                    join pg_catalog.pg_namespace m on m.oid = s.relnamespace
                    join json_array_elements_text($2::json) with ordinality p(schema, place)
                      on p.schema = m.nspname
                   where s.relname = c.relname order by p.place limit 1) as visible
    from named join pg_catalog.pg_class c on c.oid = named.relation
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace)
)sql";

// As the planner reckons: rows of a page, times the pages that there are now.
constexpr const char* sizes = R"sql(
, tree as (
  select oid as root, oid as leaf from tables
  union select tree.root, i.inhrelid from tree
    join pg_catalog.pg_inherits i on i.inhparent = tree.leaf),
leaves as (
  select t.oid as root, l.oid, l.reltuples::float8 as tuples, l.relpages as pages,
         pg_catalog.pg_relation_size(l.oid)::float8
           / current_setting('block_size')::float8 as blocks,
         pg_catalog.pg_table_size(l.oid)::float8 as bytes,
         pg_catalog.pg_indexes_size(l.oid)::float8 as index_bytes
    from tables t join tree on tree.root = t.oid
    join pg_catalog.pg_class l on l.oid = tree.leaf and l.relkind in ('r', 'm')),
counted as (
  select *, case when blocks = 0 then 0 when pages > 0 and tuples > 0 then tuples / pages * blocks
            end as rows
    from leaves)
select t.schema, t.name, t.visible, t.kind = 'p' as partitioned,
       exists (select from pg_catalog.pg_partitioned_table p
                where p.partrelid = t.oid and p.partdefid <> 0) as has_default,
       case when pg_catalog.bool_and(c.rows is not null) then pg_catalog.sum(c.rows) end as rows,
       coalesce(pg_catalog.sum(c.bytes), 0) as bytes,
       coalesce(pg_catalog.sum(c.index_bytes), 0) as index_bytes,
       (select count(*) from pg_catalog.pg_index i where i.indrelid = t.oid) as indexes
  from tables t left join counted c on c.root = t.oid
 group by t.oid, t.schema, t.name, t.visible, t.kind)sql";

constexpr const char* columns = R"sql(
select t.schema, t.name, t.visible, a.attname as column, a.attnotnull as not_null,
       pg_catalog.format_type(a.atttypid, a.atttypmod) as type,
       case when a.attcollation <> y.typcollation then l.collname end as collation
  from tables t join pg_catalog.pg_attribute a on a.attrelid = t.oid
  join pg_catalog.pg_type y on y.oid = a.atttypid
  left join pg_catalog.pg_collation l on l.oid = a.attcollation
 where a.attnum > 0 and not a.attisdropped order by t.oid, a.attnum)sql";

// Both are told as the statements that would make them.
constexpr const char* made = R"sql(
select t.schema, t.name, t.visible, pg_catalog.quote_ident(c.conname) as constraint,
       pg_catalog.pg_get_constraintdef(c.oid) as definition
  from tables t join pg_catalog.pg_constraint c on c.conrelid = t.oid
 where c.contype in ('c', 'f', 'p', 'u', 'x') -- NOT NULL is the column's
union all
select t.schema, t.name, t.visible, null, pg_catalog.pg_get_indexdef(i.indexrelid)
  from tables t join pg_catalog.pg_index i on i.indrelid = t.oid)sql";

constexpr const char* domains = R"sql(
select d.typname as name,
       bool_or(d.typnotnull or exists (select from pg_catalog.pg_constraint c
                                        where c.contypid = d.oid)) as constrained
  from pg_catalog.pg_type d join pg_catalog.pg_namespace n on n.oid = d.typnamespace
 where d.typtype = 'd' and n.nspname in (select json_array_elements_text($1::json))
 group by d.typname)sql";

class LiveReader {
public:
  LiveReader(Connection& session, Schema& schema, std::vector<Unknown>& unknown)
      : session_(session), schema_(schema), unknown_(unknown) {}

  /// `path`: the search_path, as JSON.
  void read(const std::vector<Relation>& wanted_names, const std::string& path, Before before) {
    wanted_ = wanted_names;
    Value list = Value::array();
    for (const auto& relation : wanted_) {
      list.add(relation.name);
    }
    const std::vector<std::string> known = {dump_json(list), path};
    ask(std::string(wanted) + sizes, known,
        [&](const Rows& rows, int row) { add_table(rows, row, before); });
    if (before == Before::sizes) {
      return;
    }
    ask(std::string(wanted) + columns, known, [&](const Rows& rows, int row) {
      for (const auto& table : names_of(rows, row)) {
        schema_.enter(table).columns[rows.text(row, "column")] = {
            type_named(rows.text(row, "type")), rows.truth(row, "not_null"),
            rows.text(row, "collation")};
      }
    });
    ask(std::string(wanted) + made, known, [&](const Rows& rows, int row) { add_made(rows, row); });
    ask(domains, {path}, [&](const Rows& rows, int row) {
      schema_.know_domain(rows.text(row, "name"), rows.truth(row, "constrained"));
    });
  }

private:
  template <typename Take>
  void ask(const std::string& sql, const std::vector<std::string>& parameters, Take take) {
    const auto answer = session_.attempt(sql, parameters);
    if (!answer.ok()) {
      unknown_.push_back({"the tables in the database", answer.refusal->message, ""});
      return;
    }
    for (int row = 0; row < answer.rows.size(); ++row) {
      take(answer.rows, row);
    }
  }

  /// Those of the names that were asked for that mean this table. One that only an index led to
  /// has its own.
  std::vector<Relation> names_of(const Rows& rows, int row) const {
    const Relation whole{rows.text(row, "schema"), rows.text(row, "name")};
    const bool is_visible = rows.truth(row, "visible");
    std::vector<Relation> names;
    bool is_named = false;
    for (const auto& one : wanted_) {
      is_named = is_named || one.name == whole.name;
      if (one == whole || (one.schema.empty() && one.name == whole.name && is_visible)) {
        names.push_back(one);
      }
    }
    if (!is_named) {
      names.push_back(whole);
    }
    return names;
  }

  void add_table(const Rows& rows, int row, Before before) {
    TableSize size;
    size.rows = parse_real(rows.text(row, "rows"));
    size.bytes = parse_real(rows.text(row, "bytes")).value_or(0);
    size.index_bytes = parse_real(rows.text(row, "index_bytes")).value_or(0);
    size.indexes = static_cast<int>(parse_integer(rows.text(row, "indexes")).value_or(0));
    for (const auto& table : names_of(rows, row)) {
      schema_.measure(table, size);
      if (before == Before::all || rows.truth(row, "partitioned")) {
        auto& known = schema_.enter(table);
        known.partitioned = rows.truth(row, "partitioned");
        known.has_default_partition = rows.truth(row, "has_default");
      }
    }
  }

  void add_made(const Rows& rows, int row) {
    const auto definition = rows.text(row, "definition");
    const auto constraint = rows.at(row, "constraint");
    for (const auto& table : names_of(rows, row)) {
      const auto sql = !constraint ? definition
                                   : "ALTER TABLE " + written(table) + " ADD CONSTRAINT " +
                                         *constraint + " " + definition;
      for (const auto& statement : read_script(sql)) {
        for (const auto& action : statement.actions) {
          schema_.apply(action);
        }
      }
    }
  }

  Connection& session_;
  Schema& schema_;
  std::vector<Unknown>& unknown_;
  std::vector<Relation> wanted_;
};

} // namespace

void NamedRelations::add(const std::vector<Statement>& statements) {
  for (const auto& statement : statements) {
    for (const auto& lock : statement.locks.locks) {
      add(lock.relation);
    }
    for (const auto& action : statement.actions) {
      add(table_of(action));
    }
  }
}

void NamedRelations::add(const Relation& relation) {
  if (!relation.name.empty() && seen_.emplace(relation.schema, relation.name).second) {
    names_.push_back(relation);
  }
}

void know_live(const LiveSession& live, const NamedRelations& names, Before before, Schema& schema,
               std::vector<Unknown>& unknown) {
  if (names.all().empty()) {
    return;
  }
  Value path = Value::array();
  for (const auto& one : live.path) {
    path.add(one);
  }
  LiveReader(*live.session, schema, unknown).read(names.all(), dump_json(path), before);
}

} // namespace pgtool
