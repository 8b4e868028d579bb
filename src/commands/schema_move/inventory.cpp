#include "commands/schema_move/inventory.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace pgtool {
namespace {

// A sequence of a column ('a' serial, 'i' identity) follows its table. A row type follows its
// relation, an array type its element. Types are listed by pg_type but for composite ones, which
// pg_class has. Multirange types and the constructors of range types do not follow the range
// (measured on PostgreSQL 15): they are listed like others, but the constructors belong to the
// bootstrap superuser, whoever made the type. A composite type is a member of an extension by its
// row in pg_type.
constexpr const char* inventory_query = R"sql(
with here as (select oid as schema from pg_namespace where nspname = $1),
listed as (
  select c.tableoid as catalog, c.oid, c.relname::text as name from pg_class c, here
   where c.relnamespace = schema and c.relkind in ('r', 'p', 'f', 'v', 'm', 'S', 'c')
     and not (c.relkind = 'S' and exists (
       select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid
          and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')))
  union all select t.tableoid, t.oid, t.typname from pg_type t, here
   where t.typnamespace = schema and t.typtype <> 'c'
     and not exists (select from pg_type e where e.typarray = t.oid)
  union all select tableoid, oid, proname from pg_proc, here where pronamespace = schema
  union all select tableoid, oid, oprname from pg_operator, here where oprnamespace = schema
  union all select tableoid, oid, opcname from pg_opclass, here where opcnamespace = schema
  union all select tableoid, oid, opfname from pg_opfamily, here where opfnamespace = schema
  union all select tableoid, oid, collname from pg_collation, here where collnamespace = schema
  union all select tableoid, oid, conname from pg_conversion, here where connamespace = schema
  union all select tableoid, oid, cfgname from pg_ts_config, here where cfgnamespace = schema
  union all select tableoid, oid, dictname from pg_ts_dict, here where dictnamespace = schema
  union all select tableoid, oid, prsname from pg_ts_parser, here where prsnamespace = schema
  union all select tableoid, oid, tmplname from pg_ts_template, here where tmplnamespace = schema
  union all select tableoid, oid, stxname from pg_statistic_ext, here where stxnamespace = schema)
select l.catalog, l.oid, l.name, i.type, i.identity, x.extname as extension,
       l.catalog = 'pg_proc'::regclass
       and not (select rolsuper from pg_roles where rolname = current_user)
       and exists (select from pg_depend c where c.classid = l.catalog and c.objid = l.oid
                      and c.refclassid = 'pg_type'::regclass and c.deptype = 'i') as constructor
  from listed l
  cross join lateral pg_identify_object(l.catalog, l.oid, 0) i
  left join pg_class composite on l.catalog = 'pg_class'::regclass and composite.oid = l.oid
        and composite.relkind = 'c'
  left join pg_depend d on d.objsubid = 0
        and d.deptype = 'e' and d.refclassid = 'pg_extension'::regclass
        and (d.classid, d.objid) in ((l.catalog, l.oid),
                                     ('pg_type'::regclass, composite.reltype))
  left join pg_extension x on x.oid = d.refobjid
 order by l.name, i.identity)sql";

std::uint32_t oid_in(const Rows& rows, int row, std::string_view column) {
  return static_cast<std::uint32_t>(parse_integer(rows.text(row, column)).value_or(0));
}

/// Why it stays; "" when it moves.
std::string why_it_stays(const Rows& rows, int row, const ObjectKind* kind,
                         const NameFilter& filter) {
  if (const auto extension = rows.text(row, "extension"); !extension.empty()) {
    return "extension " + extension;
  }
  if (rows.truth(row, "constructor")) {
    return "constructor of a range type, which only a superuser can move";
  }
  if (kind == nullptr) {
    return "no ALTER … SET SCHEMA exists for it";
  }
  return filter.takes(rows.text(row, "name")) ? "" : "not chosen";
}

} // namespace

SchemaInventory read_inventory(Connection& session, const std::string& schema,
                               const NameFilter& filter) {
  const auto rows = session.query(inventory_query, {schema});
  SchemaInventory inventory;
  for (int row = 0; row < rows.size(); ++row) {
    const auto type = rows.text(row, "type");
    const auto* kind = find_object_kind(type);
    if (auto reason = why_it_stays(rows, row, kind, filter); !reason.empty()) {
      inventory.staying.push_back({type, rows.text(row, "identity"), std::move(reason)});
    } else {
      inventory.objects.push_back({kind, oid_in(rows, row, "catalog"), oid_in(rows, row, "oid"),
                                   rows.text(row, "name"), rows.text(row, "identity")});
    }
  }
  std::stable_sort(inventory.objects.begin(), inventory.objects.end(),
                   [](const auto& one, const auto& other) { return one.kind < other.kind; });
  return inventory;
}

bool is_in_schema(Connection& session, const MoveObject& object, const std::string& schema) {
  // pg_identify_object() quotes the schema where it must be.
  return session
      .query("select schema is not distinct from quote_ident($3) as there"
             " from pg_identify_object($1::oid, $2::oid, 0)",
             {std::to_string(object.catalog), std::to_string(object.oid), schema})
      .truth(0, "there");
}

std::string identity_of(Connection& session, const MoveObject& object) {
  return session
      .query("select coalesce(identity, '') as identity"
             " from pg_identify_object($1::oid, $2::oid, 0)",
             {std::to_string(object.catalog), std::to_string(object.oid)})
      .text(0, "identity");
}

} // namespace pgtool
