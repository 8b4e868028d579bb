#include "commands/manage.hpp"

#include "commands/project_run.hpp"

#include <fmt/core.h>

namespace pgtool {
namespace {

ProjectRunRequest request_of(const ManageOptions& options) {
  const auto& name = options.command.front();
  const bool locked = options.lock || name.starts_with("migrate");
  return {.common = options.common,
          .route = options.route,
          .arguments = options.command,
          .locked = locked,
          .read_only = false,
          .other_databases = !locked,
          .doing = "running " + name};
}

void judge(const std::string& name, ProjectRun& run) {
  const auto& ending = *run.ending;
  auto& report = run.report;
  report.own = std::move(run.own);
  report.own.set("command", name);
  report.own.set("status", ending.child_status);
  report.steps = run.record.steps();
  const auto& refused = ending.refused.empty() ? run.record.refusal() : ending.refused;
  if (!refused.empty()) {
    report.status = ending.child_status == 0 ? 1 : ending.child_status;
    report.verdict = fmt::format("refused, and {} was ended: {}", name, refused);
    report.hint = "what it had committed before stays";
  } else if (!ending.lost.empty()) {
    report.status = 4;
    report.verdict = fmt::format("{} was ended: {}", name, ending.lost);
    report.hint = "what it had committed before stays; look at the server, then run it again";
  } else {
    report.status = ending.child_status;
    report.verdict = report.status == 0
                         ? fmt::format("done: {}{}", name, run.where)
                         : fmt::format("{} ended with status {}", name, report.status);
    report.said_elsewhere = true;
  }
}

} // namespace

Report run(const ManageOptions& options, const Context& context) {
  auto run = run_project(request_of(options), context);
  run.report.command = "manage";
  if (options.common.output.file.empty()) {
    run.report.text = ""; // stdout is the command's: `dumpdata > file` must hold nothing else
  }
  if (run.ending) {
    judge(options.command.front(), run);
  }
  return std::move(run.report);
}

} // namespace pgtool
