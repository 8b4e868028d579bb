#include "commands/check/verdict.hpp"

#include "base/counted.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/result_sink.hpp"
#include "base/text.hpp"
#include "base/work_tree.hpp"
#include "commands/check/baseline.hpp"
#include "commands/check/silencing.hpp"
#include "model/fingerprint.hpp"
#include "rules/judge.hpp"
#include "rules/rule_table.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fmt/core.h>
#include <iterator>

namespace pgtool {
namespace {

std::string tally(const std::vector<Finding>& findings) {
  const auto number_of = [&](Severity severity) {
    return static_cast<std::size_t>(
        std::count_if(findings.begin(), findings.end(),
                      [&](const Finding& finding) { return finding.severity == severity; }));
  };
  std::vector<std::string> parts;
  if (const auto errors = number_of(Severity::error); errors > 0) {
    parts.push_back(counted(errors, "error"));
  }
  if (const auto warnings = number_of(Severity::warning); warnings > 0) {
    parts.push_back(counted(warnings, "warning"));
  }
  if (const auto infos = number_of(Severity::info); infos > 0) {
    parts.push_back(fmt::format("{} for information", infos));
  }
  return join(parts, ", ");
}

std::string looked_at(const Examination& examination) {
  std::vector<std::string> parts;
  const auto& deployment = examination.deployment;
  if (deployment.project) {
    parts.push_back(counted(deployment.aliases.size(), "PostgreSQL alias", "PostgreSQL aliases"));
  }
  parts.push_back(counted(deployment.poolers.size(), "pooler"));
  if (!deployment.servers.empty()) {
    parts.push_back(counted(deployment.servers.size(), "database"));
  }
  return join(parts, ", ");
}

Value sources_value(const std::vector<Source>& sources) {
  Value list = Value::array();
  for (const auto& source : sources) {
    list.add(Value::object({{"name", source.name},
                            {"seen", source.seen},
                            {"what", source.what},
                            {"cure", source.cure.empty() ? Value() : Value(source.cure)}}));
  }
  return list;
}

void note_required(const CheckOptions& options, Examination& examination) {
  for (const auto& name : options.require) {
    const auto* source = examination.find(name);
    if (source != nullptr && !source->seen) {
      examination.unknown.push_back(
          {"what --require " + name + " asks for", source->what, source->cure});
    }
  }
}

/// Those that judged, and those that the findings name.
void add_rule_texts(Judges judges, Report& report) {
  for (const auto* rule : rule_table()) {
    const bool named =
        std::any_of(report.findings.begin(), report.findings.end(),
                    [&](const Finding& finding) { return finding.rule == rule->slug; });
    const bool judged =
        judges == Judges::deployments ? rule->look != nullptr : rule->read != nullptr;
    if (judged || named) {
      report.rules.push_back(rule_text(*rule));
    }
  }
}

std::string verdict_of(const Report& report) {
  const auto seen = report.own["looked_at"].text();
  if (!report.findings.empty()) {
    return tally(report.findings) + ", in " + seen;
  }
  return report.unknown.empty() ? "nothing to object to, in " + seen
                                : counted(report.unknown.size(), "thing") +
                                      " could not be examined; no finding, in " + seen;
}

std::string today() {
  const auto day = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  const std::chrono::year_month_day date(day);
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

std::string root_of(const CheckOptions& options) {
  std::error_code unreadable;
  const auto here = std::filesystem::current_path(unreadable);
  return top_of_tree((here / options.common.project.dir).lexically_normal().string());
}

/// What is not judged would vanish from a baseline that is written anew: its entries stay while
/// something could not be examined, and those of rules that were not selected.
void write_baseline(const CheckOptions& options, Report& report) {
  auto baseline = baseline_of(report.findings, root_of(options));
  const auto before = is_file(options.baseline) ? read_baseline(options.baseline) : Baseline{};
  const auto listed = baseline.entries.size();
  for (const auto& entry : before.entries) {
    const bool is_found =
        std::any_of(baseline.entries.begin(), baseline.entries.end(),
                    [&](const auto& known) { return known.fingerprint == entry.fingerprint; });
    const bool is_judged = is_selected(options, entry.rule) && report.unknown.empty();
    if (!is_judged && !is_found) {
      baseline.entries.push_back(entry);
    }
  }
  const auto kept = baseline.entries.size() - listed;
  ResultSink(options.baseline).write(baseline_text(baseline));
  report.account.push_back(fmt::format(
      "{} written to {}{}", counted(listed, "finding"), options.baseline,
      kept == 0 ? "" : fmt::format("; {} of before stay, since not everything was judged", kept)));
}

void use_baseline(const CheckOptions& options, Report& report) {
  if (options.baseline.empty()) {
    return;
  }
  if (options.update_baseline) {
    write_baseline(options, report);
  }
  const auto gone = apply_baseline(read_baseline(options.baseline), report);
  if (gone > 0 && report.unknown.empty() && options.select.empty()) {
    report.account.push_back(
        fmt::format("{} of the baseline {} not found any more: --update-baseline takes {} out",
                    counted(gone, "finding"), gone == 1 ? "is" : "are", gone == 1 ? "it" : "them"));
  }
}

/// What was not there to be looked at is said, but is no failure unless --require names it.
void add_unseen(const Examination& examination, Report& report) {
  report.account.insert(report.account.end(), examination.notes.begin(), examination.notes.end());
  for (const auto& source : examination.sources) {
    if (!source.seen) {
      report.account.push_back("not looked at: " + source.name + " (" + source.what +
                               (source.cure.empty() ? "" : "; " + source.cure) + ")");
    }
  }
}

} // namespace

void conclude(const CheckOptions& options, Examination examination, Report& report) {
  note_required(options, examination);
  auto findings = judge(examination.deployment);
  std::move(examination.findings.begin(), examination.findings.end(), std::back_inserter(findings));
  std::move(findings.begin(), findings.end(), std::back_inserter(report.findings));
  std::move(examination.unknown.begin(), examination.unknown.end(),
            std::back_inserter(report.unknown));
  weigh(options, {Judges::deployments, examination.silenced_checks}, report);
  report.own = Value::object(
      {{"sources", sources_value(examination.sources)}, {"looked_at", looked_at(examination)}});
  add_unseen(examination, report);
  settle(options, report);
}

void weigh(const CheckOptions& options, const WeighTerms& terms, Report& report) {
  std::stable_sort(
      report.findings.begin(), report.findings.end(),
      [](const Finding& one, const Finding& other) { return one.severity > other.severity; });
  add_fingerprints(report.findings, root_of(options));
  silence(report, {options, terms.silenced_checks, today()});
  use_baseline(options, report);
  add_rule_texts(terms.judges, report);
}

void settle(const CheckOptions& options, Report& report) {
  report.verdict = verdict_of(report);
  report.status = 0;
  apply_fail_level(report, options.common.output.fail_level);
  if (report.status == 0 && !report.unknown.empty()) {
    report.status = static_cast<int>(Failure::unknown);
  }
}

} // namespace pgtool
