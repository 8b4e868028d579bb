#include "commands/migrate.hpp"

#include "commands/migrate/summary.hpp"
#include "commands/project_run.hpp"

#include <fmt/core.h>

namespace pgtool {
namespace {

std::vector<std::string> django_arguments(const MigrateOptions& options) {
  std::vector<std::string> arguments{"migrate"};
  arguments.insert(arguments.end(), options.django.begin(), options.django.end());
  const auto& common = options.common;
  if (common.connect.database != "default") {
    arguments.push_back("--database=" + common.connect.database);
  }
  if (common.output.verbosity_given || common.output.quiet) {
    arguments.push_back(
        fmt::format("--verbosity={}", common.output.quiet ? 0 : common.output.verbosity));
  }
  arguments.insert(arguments.end(), options.more.begin(), options.more.end());
  return arguments;
}

ProjectRunRequest request_of(const MigrateOptions& options) {
  const bool read_only = options.plan || options.check;
  return {.common = options.common,
          .route = options.route,
          .arguments = django_arguments(options),
          .locked = !read_only,
          .read_only = read_only,
          .other_databases = false,
          .doing = read_only ? "looking" : "migrating",
          .policy = read_only ? nullptr : &options.policy,
          .reconnect_pooler = options.reconnect_pooler,
          .tells_plan = options.plan};
}

void judge(const MigrateOptions& options, ProjectRun& run, const Context& context) {
  auto& ending = *run.ending;
  ending.plan_only = options.plan;
  ending.check_only = options.check;
  ending.again = "to continue, run: " + context.command_line;
  ending.project_options = context.project_options;
  auto verdict = judge_migration(run.record, ending);
  auto& report = run.report;
  const bool verdict_is_good = verdict.status == 0;
  report.status = verdict.status;
  report.verdict = verdict.verdict + (verdict.status == 0 ? run.where : "");
  report.hint = std::move(verdict.hint);
  report.steps = run.record.steps();
  const bool shown = options.common.output.verbosity > 0 && !options.common.output.quiet;
  report.line_is_open = shown && !run.record.unfinished().empty(); // "Applying …"
  for (const auto& migration : run.desk.went_on) {
    Finding finding{"lock-not-had", Severity::warning, migration + went_on_words};
    finding.where.object = migration;
    report.findings.push_back(std::move(finding));
  }
  auto& checked = run.desk.checked;
  report.findings.insert(report.findings.end(), checked.findings.begin(), checked.findings.end());
  report.unknown.insert(report.unknown.end(), checked.unknown.begin(), checked.unknown.end());
  TraceFile(options.policy.trace)
      .add("end", Value::object({{"status", report.status}, {"verdict", report.verdict}}));
  report.account = run.account.empty() ? summary_of(run.desk) : run.account;
  Value migrations = Value::array();
  for (const auto& entry : run.desk.migrations) {
    migrations.add(entry.value());
  }
  Value ended = Value::array();
  for (const auto& words : run.desk.ended) {
    ended.add(words);
  }
  Value dropped = Value::array();
  for (const auto& index : run.desk.dropped) {
    dropped.add(index);
  }
  report.own = Value::object({{"planned", static_cast<std::int64_t>(run.record.planned())},
                              {"applied", static_cast<std::int64_t>(run.record.applied())},
                              {"tries", run.desk.tries},
                              {"waits", run.desk.waits},
                              {"dropped_indexes", dropped},
                              {"migrations", migrations},
                              {"plan", run.plan},
                              {"free_disk_bytes", run.free_disk},
                              {"terminated", ended},
                              {"cancelled_for_queue", run.desk.given_up},
                              {"operation", run.record.operation().empty() || verdict_is_good
                                                ? Value()
                                                : Value(run.record.operation())}});
  for (const auto& [name, value] : run.own.members()) {
    report.own.set(name, value);
  }
}

} // namespace

Report run(const MigrateOptions& options, const Context& context) {
  const TraceFile writable(
      options.policy.trace); // that it cannot be written is said before anything starts
  auto run = run_project(request_of(options), context);
  run.report.command = "migrate";
  if (run.ending) {
    judge(options, run, context);
  }
  return std::move(run.report);
}

} // namespace pgtool
