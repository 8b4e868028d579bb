#include "commands/schema_move/django_check.hpp"

#include "commands/schema_move/findings.hpp"
#include "plan/written_table.hpp"
#include "sql/quote.hpp"

#include <fmt/core.h>

namespace pgtool {
namespace {

constexpr const char* there_query = R"sql(
select n.nspname || '.' || c.relname as name
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where n.nspname in ({}) and c.relname in ({}) and c.relkind in ('r', 'p', 'f', 'v', 'm')
 order by 1)sql";

/// Those of the tables that one of the two schemas has.
std::vector<std::string> there(MoveGround& ground, const MovePlan& plan,
                               const std::vector<ModelTable>& tables) {
  std::vector<std::string> names;
  for (const auto& table : tables) {
    names.push_back(written_table(table.table).name);
  }
  std::vector<std::string> found;
  if (names.empty()) {
    return found;
  }
  const auto rows = ground.connection().query(fmt::format(
      fmt::runtime(there_query), quote_literals({plan.schemas.source, plan.schemas.target}),
      quote_literals(names)));
  for (int row = 0; row < rows.size(); ++row) {
    found.push_back(rows.text(row, "name"));
  }
  return found;
}

void check_path(const MoveGround& ground, const MovePlan& plan, const DjangoView& view,
                MoveCheck& check) {
  const auto* role = find_role(plan, ground.chosen().role);
  if (role == nullptr || view.search_path.empty()) {
    return;
  }
  const auto expected = path_in_force(*role);
  if (parse_search_path(view.search_path) != expected) {
    check.findings.push_back(
        {.rule = "stale-path",
         .severity = Severity::error,
         .message = fmt::format("Django's own connection has search_path {}, not {}",
                                view.search_path, search_path_text(expected)),
         .where = {.object = ground.chosen().name},
         .remedy = "something sets it elsewhere: OPTIONS, PGOPTIONS, or code that runs on each new "
                   "connection"});
  }
}

} // namespace

void check_view(MoveGround& ground, const MovePlan& plan, const DjangoView& view,
                Severity unapplied, MoveCheck& check) {
  if (!view.error.empty()) {
    check.unknown.push_back({"what Django sees through alias '" + ground.chosen().name + "'",
                             view.error, "look again with --verify"});
    return;
  }
  check_path(ground, plan, view, check);
  const auto hidden = there(ground, plan, view.missing);
  if (!hidden.empty()) {
    check.findings.push_back(
        {.rule = "django-misses-table",
         .severity = Severity::error,
         .message = fmt::format("Django does not see {} of its tables through alias '{}': {}",
                                hidden.size(), ground.chosen().name, listed(hidden)),
         .remedy = "look at the search_path that Django's connections have"});
  } else {
    check.seen.push_back("Django sees its tables through alias '" + ground.chosen().name + "'");
  }
  if (!view.unapplied.empty()) {
    check.findings.push_back(
        {.rule = "unapplied-migrations",
         .severity = unapplied,
         .message = fmt::format("{} of Django's migrations are not applied: {}",
                                view.unapplied.size(), listed(view.unapplied)),
         .remedy = "pgtool migrate --direct"});
  }
}

} // namespace pgtool
