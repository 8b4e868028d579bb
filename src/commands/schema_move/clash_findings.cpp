#include "commands/schema_move/findings.hpp"

#include "sql/quote.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace pgtool {
namespace {

// A table takes its indexes, its own sequences, its row type and that one's array type along: their
// names count, too. What clashes is told by the catalog in which it does.
constexpr const char* clash_query = R"sql(
with pair as (
  select (select oid from pg_namespace where nspname = $1) as emptied,
         (select oid from pg_namespace where nspname = $2) as filled),
named (catalog, oid, schema, key, mover, row_or_array) as (
  select c.tableoid, c.oid, relnamespace, relname::text,
         coalesce((select o.relname from pg_index i join pg_class o on o.oid = i.indrelid
                    where i.indexrelid = c.oid),
                  (select o.relname from pg_depend d join pg_class o on o.oid = d.refobjid
                    where d.classid = 'pg_class'::regclass and d.objid = c.oid and c.relkind = 'S'
                      and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')
                    limit 1), relname)::text, false
    from pg_class c
  union all
  select t.tableoid, t.oid, typnamespace, typname::text,
         coalesce((select relname from pg_class r where r.oid = t.typrelid),
                  (select e.typname from pg_type e where e.oid = t.typelem and e.typarray = t.oid),
                  typname)::text,
         typrelid <> 0
           or exists (select from pg_type e where e.oid = t.typelem and e.typarray = t.oid)
    from pg_type t
  union all select tableoid, oid, pronamespace, proname || ' ' || proargtypes::text, proname, false
    from pg_proc
  union all select tableoid, oid, oprnamespace, format('%s %s %s', oprname, oprleft, oprright),
                   oprname, false from pg_operator
  union all select tableoid, oid, opcnamespace, opcname || ' ' || opcmethod, opcname, false
    from pg_opclass
  union all select tableoid, oid, opfnamespace, opfname || ' ' || opfmethod, opfname, false
    from pg_opfamily
  union all select tableoid, oid, collnamespace, collname || ' ' || collencoding, collname, false
    from pg_collation
  union all select tableoid, oid, connamespace, conname, conname, false from pg_conversion
  union all select tableoid, oid, cfgnamespace, cfgname, cfgname, false from pg_ts_config
  union all select tableoid, oid, dictnamespace, dictname, dictname, false from pg_ts_dict
  union all select tableoid, oid, prsnamespace, prsname, prsname, false from pg_ts_parser
  union all select tableoid, oid, tmplnamespace, tmplname, tmplname, false from pg_ts_template
  union all select tableoid, oid, stxnamespace, stxname, stxname, false from pg_statistic_ext)
select m.mover, pg_describe_object(t.catalog, t.oid, 0) as there,
       t.catalog = 'pg_class'::regclass
         and exists (select from pg_class c where c.oid = t.oid and c.relkind in ('r', 'p'))
         and pg_relation_size(t.oid) = 0 as empty
  from pair
  join named m on m.schema = pair.emptied
  join named t on t.schema = pair.filled and t.catalog = m.catalog and t.key = m.key
 where not (m.row_or_array and t.row_or_array)
 order by 2)sql";

std::size_t place_of(const SearchPath& path, const std::string& schema) {
  return static_cast<std::size_t>(std::find(path.begin(), path.end(), schema) - path.begin());
}

/// Whether some role looks into the emptied schema first now, and into the filled one afterwards.
bool order_changes(const MovePlan& plan) {
  return std::any_of(plan.roles.begin(), plan.roles.end(), [&](const auto& role) {
    const auto now =
        role.setting ? parse_search_path(*role.setting).value_or(role.before) : role.before;
    const auto later = plan.after(role).value_or(role.before);
    return place_of(now, plan.emptied()) < place_of(now, plan.filled()) &&
           place_of(later, plan.filled()) < place_of(later, plan.emptied()) &&
           place_of(later, plan.emptied()) < later.size();
  });
}

} // namespace

Findings clash_findings(const MoveScene& scene) {
  const auto moving = moving_names(scene.plan);
  const auto rows = scene.session().query(clash_query, {scene.plan.emptied(), scene.plan.filled()});
  std::vector<std::string> there;
  std::vector<std::string> twins;
  for (int row = 0; row < rows.size(); ++row) {
    auto& list = moving.contains(rows.text(row, "mover")) ? there : twins;
    list.push_back(rows.text(row, "there") + (rows.truth(row, "empty") ? " (empty)" : ""));
  }
  Findings findings;
  if (!there.empty()) {
    findings.push_back(
        {.rule = "name-clash",
         .severity = Severity::error,
         .message = fmt::format(
             "schema {} has {} that would move there, too: {}",
             quote_identifier(scene.plan.filled()),
             there.size() == 1 ? "a name" : fmt::format("{} names", there.size()), listed(there)),
         .where = {.object = scene.plan.filled()},
         .remedy = "drop or rename those that are not needed: an empty twin is often what a lost "
                   "search_path left behind"});
  }
  if (!twins.empty() && order_changes(scene.plan)) {
    findings.push_back(
        {.rule = "name-shadowed",
         .severity = Severity::error,
         .message = fmt::format("schema {} has names that stay in {}, too, and would be found in "
                                "their place after the move: {}",
                                quote_identifier(scene.plan.filled()), scene.plan.emptied(),
                                listed(twins)),
         .where = {.object = scene.plan.filled()},
         .remedy = "drop or rename those that are not needed"});
  }
  return findings;
}

} // namespace pgtool
