#include "commands/schema_move/findings.hpp"

#include "sql/quote.hpp"

#include <fmt/core.h>
#include <set>

namespace pgtool {
namespace {

// A table takes its indexes, its own sequences and its row type along: their names count, too.
constexpr const char* clash_query = R"sql(
with pair as (
  select (select oid from pg_namespace where nspname = $1) as emptied,
         (select oid from pg_namespace where nspname = $2) as filled)
select m.relname::text as name, pg_describe_object(t.tableoid, t.oid, 0) as there,
       t.relkind in ('r', 'p') and pg_relation_size(t.oid) = 0 as empty,
       coalesce((select relname from pg_class o
                  where o.oid = (select indrelid from pg_index where indexrelid = m.oid)),
                (select o.relname from pg_depend d join pg_class o on o.oid = d.refobjid
                  where d.classid = 'pg_class'::regclass and d.objid = m.oid
                    and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')
                    and m.relkind = 'S' limit 1), m.relname)::text as owner
  from pair, pg_class m, pg_class t
 where m.relnamespace = emptied and t.relnamespace = filled and m.relname = t.relname
union all
select m.typname, pg_describe_object(t.tableoid, t.oid, 0), false, m.typname
  from pair, pg_type m, pg_type t
 where m.typnamespace = emptied and t.typnamespace = filled and m.typname = t.typname
   and m.typrelid = 0 and not exists (select from pg_type e where e.typarray = m.oid)
union all
select m.proname, pg_describe_object(t.tableoid, t.oid, 0), false, m.proname
  from pair, pg_proc m, pg_proc t
 where m.pronamespace = emptied and t.pronamespace = filled and m.proname = t.proname
   and m.proargtypes = t.proargtypes
 order by 1)sql";

} // namespace

Findings clash_findings(const MoveScene& scene) {
  std::set<std::string> moving;
  for (const auto& object : scene.plan.inventory.objects) {
    moving.insert(object.name);
  }
  const auto rows = scene.session().query(clash_query, {scene.plan.emptied(), scene.plan.filled()});
  std::vector<std::string> there;
  for (int row = 0; row < rows.size(); ++row) {
    if (moving.contains(rows.text(row, "owner"))) {
      there.push_back(rows.text(row, "there") + (rows.truth(row, "empty") ? " (empty)" : ""));
    }
  }
  if (there.empty()) {
    return {};
  }
  return {
      {.rule = "name-clash",
       .severity = Severity::error,
       .message = fmt::format(
           "schema {} has {} that would move there, too: {}", quote_identifier(scene.plan.filled()),
           there.size() == 1 ? "a name" : fmt::format("{} names", there.size()), listed(there)),
       .where = {.object = scene.plan.filled()},
       .remedy = "drop or rename those that are not needed (an empty twin is often what a lost "
                 "search_path left behind), or leave their names out with --exclude"}};
}

} // namespace pgtool
