#include "commands/lint.hpp"

#include "base/counted.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "commands/check/baseline.hpp"
#include "commands/check/verdict.hpp"
#include "commands/lint/calibration.hpp"
#include "commands/lint/changed_files.hpp"
#include "commands/lint/project_input.hpp"
#include "commands/lint/sql_files.hpp"
#include "commands/lint/timeline_report.hpp"
#include "commands/project_link.hpp"
#include "rules/judge.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/core.h>
#include <iterator>
#include <map>

namespace pgtool {
namespace {

std::string looked_at(const LintSubject& subject) {
  std::size_t statements = 0;
  for (const auto& reading : subject.readings) {
    statements += reading.statements.size();
  }
  std::vector<std::string> parts;
  if (subject.migrations > 0) {
    parts.push_back(counted(subject.migrations, "migration"));
  }
  if (subject.files > 0) {
    parts.push_back(counted(subject.files, "file"));
  }
  if (subject.sources > 0) {
    parts.push_back(counted(subject.sources, "source file"));
  }
  parts.push_back(counted(statements, "statement"));
  return join(parts, ", ");
}

/// What is meant, by kind.
struct Inputs {
  std::vector<std::string> sql;
  ProjectFiles project;

  [[nodiscard]] bool needs_project() const {
    return !project.chosen || !project.migrations.empty() || !project.sources.empty();
  }
};

bool is_migration(const std::filesystem::path& file) {
  return file.parent_path().filename() == "migrations" && file.filename() != "__init__.py";
}

void sort_in(const std::string& file, bool named, Inputs& inputs) {
  const std::filesystem::path path(file);
  if (path.extension() == ".py") {
    (is_migration(path) ? inputs.project.migrations : inputs.project.sources).push_back(file);
  } else if (path.extension() == ".sql" || named) {
    inputs.sql.push_back(file);
  }
}

Inputs inputs_of(const LintOptions& options) {
  Inputs inputs;
  inputs.project.chosen = !options.files.empty() || !options.since.empty();
  for (const auto& file : sql_files(options.files)) {
    sort_in(file, true, inputs);
  }
  if (options.files.empty() && !options.since.empty()) {
    for (const auto& file : changed_files(options.common.project.dir, options.since)) {
      sort_in(file, false, inputs);
    }
  }
  return inputs;
}

/// Says what could not be had of the database, and measures it where that is wanted.
void look_closer(const LintOptions& options, LiveDatabase& live, LintSubject& subject) {
  if (live.session().session == nullptr) {
    subject.unknown.push_back(
        {"the tables in the database", live.why_not().why, live.why_not().cure});
  } else if (options.calibrate && live.direct() == nullptr) {
    const auto& why = live.why_not().why;
    subject.unknown.push_back(
        {"how fast the server works",
         why.empty() ? "a proxy keeps the session: it is not PostgreSQL's own" : why,
         live.why_not().cure});
  } else if (options.calibrate) {
    subject.rates = calibrated(*live.direct(), subject.unknown);
  }
}

/// The database, when it was asked, is the answer.
std::optional<LiveDatabase> read_inputs(const LintOptions& options, const Inputs& inputs,
                                        const Context& context, LintSubject& subject) {
  LintTerms terms;
  terms.pool_mode = options.pool_mode.empty() ? "unknown" : options.pool_mode;
  terms.server_version = options.server_version;
  terms.wrapped = options.transaction == Wrapping::file;
  std::optional<LiveDatabase> live;
  if (inputs.needs_project()) {
    if (!inputs.project.chosen && !has_project(options.common, context)) {
      throw Error(Failure::usage,
                  "nothing to judge: no file is named, and no Django project is here",
                  "name files of SQL, - for stdin, or --project DIR");
    }
    live = read_project(options, inputs.project, terms, context, subject);
  } else if (options.live) {
    live = live_database(options, context);
    take_terms(*live, terms);
  }
  if (!inputs.needs_project() && terms.pool_mode == "unknown") {
    terms.pool_mode = configured_mode(options, context);
  }
  Schema schema;
  read_history(sql_files(options.history), schema);
  read_sql_files(inputs.sql, terms, live ? live->session() : LiveSession{}, schema, subject);
  if (live) {
    look_closer(options, *live, subject);
  }
  return live;
}

/// Where there is more than a person reads: what it is mostly, and how to see less of it.
void sum_up(const LintOptions& options, Report& report) {
  constexpr std::size_t many = 12;
  if (report.findings.size() <= many) {
    return;
  }
  std::map<std::string, std::size_t> by_rule;
  for (const auto& finding : report.findings) {
    ++by_rule[finding.rule];
  }
  std::vector<std::pair<std::size_t, std::string>> counts;
  for (const auto& [rule, count] : by_rule) {
    counts.emplace_back(count, rule);
  }
  std::stable_sort(counts.begin(), counts.end(),
                   [](const auto& one, const auto& other) { return one.first > other.first; });
  std::vector<std::string> words;
  for (const auto& [count, rule] : counts) {
    words.push_back(fmt::format("{} {}", count, rule));
  }
  report.closing = join(words, ", ");
  const bool is_chosen = !options.since.empty() || options.unapplied || !options.files.empty() ||
                         !options.apps.empty() || !options.check.baseline.empty();
  if (!is_chosen) {
    report.hint = "what is applied long since need not be mended: --unapplied or --since REVISION "
                  "judges what comes next, --baseline FILE --update-baseline takes all of this as "
                  "known";
  }
}

} // namespace

Report run(const LintOptions& options, const Context& context) {
  if (!options.check.baseline.empty() && !options.check.update_baseline) {
    read_baseline(options.check.baseline); // what is wrong with it is said first
  }
  Report report;
  report.command = "lint";
  LintSubject subject;
  const auto live = read_inputs(options, inputs_of(options), context, subject);
  for (const auto& reading : subject.readings) {
    auto findings = judge(reading);
    std::move(findings.begin(), findings.end(), std::back_inserter(report.findings));
  }
  report.unknown = std::move(subject.unknown);
  weigh(options.check, {Judges::statements, subject.silenced_checks}, report);
  report.own = Value::object({{"looked_at", looked_at(subject)}});
  if (options.timeline) {
    report.own.set("timeline", timeline_value(subject.readings, subject.rates));
    report.account = timeline_lines(subject.readings, subject.rates);
  }
  if (live) {
    live->describe(report);
  }
  settle(options.check, report);
  sum_up(options, report);
  return report;
}

} // namespace pgtool
