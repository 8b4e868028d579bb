#include "commands/preflight.hpp"

#include "base/counted.hpp"
#include "base/text.hpp"
#include "commands/check.hpp"
#include "commands/check/examination.hpp"
#include "commands/check/verdict.hpp"
#include "commands/lint/plan_judging.hpp"
#include "commands/plan_run.hpp"
#include "commands/survey_report.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <iterator>

namespace pgtool {
namespace {

constexpr const char* subject = "what migrate would do";

std::vector<std::string> plan_words(const CommonOptions& common) {
  return {"migrate", "--plan", "--database=" + common.connect.database};
}

void take(Checked checked, Examination& examination) {
  std::move(checked.findings.begin(), checked.findings.end(),
            std::back_inserter(examination.findings));
  std::move(checked.unknown.begin(), checked.unknown.end(),
            std::back_inserter(examination.unknown));
}

/// Stops the project and says why its plan is not known.
PlanRun no_plan(ProjectLink& link, std::string why) {
  stop_project(link, 0);
  PlanRun none;
  none.failure = std::move(why);
  return none;
}

PlanRun plan_of(const PreflightOptions& options, ProjectLink& link,
                const std::vector<SurveyedAlias>& surveyed, const Context& context) {
  const auto& database = options.common.connect.database;
  if (surveyed.empty() || surveyed.front().alias.name != database) {
    return no_plan(link, "alias '" + database + "' is no PostgreSQL database that can be used");
  }
  auto routes = routes_of(surveyed);
  if (routes.refusal) {
    return no_plan(link, routes.refusal->message);
  }
  return run_plan(link, routes, options.common, context);
}

Value plan_value(const PlanRun& plan) {
  return plan.failure.empty()
             ? Value::object(
                   {{"planned", static_cast<std::int64_t>(plan.migrations.elements().size())},
                    {"migrations", plan.migrations},
                    {"free_disk_bytes", plan.free_disk}})
             : Value();
}

std::string planned_words(std::size_t planned) {
  return (planned == 0 ? "no migration" : counted(planned, "migration")) + " to apply";
}

/// What would run, and below it what that locks.
std::vector<std::string> plan_lines(const PlanRun& plan) {
  std::vector<std::string> names;
  for (const auto& migration : plan.migrations.elements()) {
    names.push_back(migration["name"].text());
  }
  std::vector<std::string> lines;
  if (!names.empty()) {
    lines.push_back("to apply: " + join(names, ", "));
  }
  lines.insert(lines.end(), plan.lines.begin(), plan.lines.end());
  return lines;
}

/// The rules behind a "no", the gravest first, each once.
std::vector<std::string> reasons_of(const Report& report, Severity level) {
  std::vector<std::string> reasons;
  for (const auto& finding : report.findings) {
    const bool counts = finding.severity >= level;
    if (counts && std::find(reasons.begin(), reasons.end(), finding.rule) == reasons.end()) {
      reasons.push_back(finding.rule);
    }
  }
  for (const auto& unknown : report.unknown) {
    reasons.push_back(unknown.what + " could not be examined");
  }
  return reasons;
}

/// The last line, which a person reads first.
void close(const PreflightOptions& options, const std::string& planned, Report& report) {
  const auto reasons = reasons_of(report, options.common.output.fail_level);
  const bool is_ready = report.status == 0;
  report.closing = is_ready ? "ready" + (planned.empty() ? "" : ": " + planned)
                            : "not ready: " + join(reasons, "; ");
  Value list = Value::array();
  for (const auto& reason : reasons) {
    list.add(reason);
  }
  report.own.set("ready", is_ready);
  report.own.set("reasons", is_ready ? Value::array() : list);
}

} // namespace

Report run(const PreflightOptions& options, const Context& context) {
  const auto& connect = options.common.connect;
  const bool has_plan =
      !options.check.offline && connect.pooled_url.empty() && has_project(options.common, context);
  if (!has_plan) {
    auto report = run(options.check, context);
    report.command = "preflight";
    report.account.push_back(std::string("not looked at: ") + subject +
                             (options.check.offline ? " (--offline)" : " (there is no project)"));
    close(options, "", report);
    return report;
  }
  Report report;
  report.command = "preflight";
  auto link = open_project(options.common, context, plan_words(options.common), false, true);
  report.findings = unknown_aliases(connect, link.settings);
  expect_alias(link, connect.database);
  auto surveyed = survey_aliases(connect, link, connect.database, context, Look::all);
  if (!surveyed.empty()) {
    const auto& first = surveyed.front();
    add_route_and_facts(first.survey, first.request.known.pooled, report);
  }
  auto examination = examine(options.check, &link, link.configs, surveyed);
  auto plan = plan_of(options, link, surveyed, context);
  if (!plan.failure.empty()) {
    const bool was_written = plan.failure.find("read-only transaction") != std::string::npos;
    examination.unknown.push_back(
        {subject, plan.failure,
         was_written ? "the project writes when it starts, which preflight does not let it do"
                     : ""});
  }
  take(std::move(plan.checked), examination);
  if (!plan.judged.is_null()) {
    judge_plan(plan.judged, surveyed.front(), examination);
  }
  conclude(options.check, std::move(examination), report);
  const auto planned = plan.failure.empty() ? planned_words(plan.migrations.elements().size()) : "";
  report.verdict += planned.empty() ? "" : "; " + planned;
  const auto lines = plan_lines(plan);
  report.account.insert(report.account.begin(), lines.begin(), lines.end());
  report.own.set("plan", plan_value(plan));
  close(options, planned, report);
  return report;
}

} // namespace pgtool
