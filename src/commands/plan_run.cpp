#include "commands/plan_run.hpp"

#include "commands/migrate/plan_report.hpp"
#include "commands/run_watch.hpp"
#include "connector/deploy_lock.hpp"

#include <fmt/core.h>

namespace pgtool {
namespace {

std::string failure_of(const Ending& ending, const MigrationRecord& record) {
  for (const auto& words : {ending.refused, ending.lost, record.failure(), record.refusal()}) {
    if (!words.empty()) {
      return words;
    }
  }
  return ending.child_status == 0 ? ""
                                  : fmt::format("it ended with status {}", ending.child_status);
}

} // namespace

PlanRun run_plan(ProjectLink& link, Routes& routes, const CommonOptions& common,
                 const Context& context) {
  for (auto& routed : routes.aliases) {
    make_read_only(routed);
  }
  PlanReport plan(routes);
  RunTerms terms{{lock_class, deploy_lock_object, run_lock_object}, false, true, {}};
  terms.tells_plan = true;
  terms.judges_plan = true;
  const auto examine = [&](const Alias& alias) {
    make_read_only(add_late_alias(routes, alias, common.connect, link, context));
  };
  RunWatch watch(link, routes, {terms, false, examine, &plan});
  const auto ending = watch.watch();
  PlanRun run;
  run.failure = failure_of(ending, watch.record());
  plan.finish(false);
  run.migrations = plan.migrations();
  run.judged = plan.judged();
  run.lines = plan.lines();
  run.free_disk = plan.free_bytes() ? Value(*plan.free_bytes()) : Value();
  run.checked = plan.checked();
  return run;
}

} // namespace pgtool
