#include "commands/check/verdict.hpp"

#include "base/text.hpp"
#include "model/fingerprint.hpp"
#include "rules/judge.hpp"
#include "rules/rule_table.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <iterator>
#include <set>

namespace pgtool {
namespace {

std::string counted(std::size_t number, const char* one) {
  return fmt::format("{} {}{}", number, one, number == 1 ? "" : "s");
}

std::string tally(const std::vector<Finding>& findings) {
  std::vector<std::string> parts;
  const std::pair<Severity, const char*> kinds[] = {{Severity::error, "error"},
                                                    {Severity::warning, "warning"}};
  for (const auto& [severity, name] : kinds) {
    const auto number =
        std::count_if(findings.begin(), findings.end(),
                      [&](const Finding& finding) { return finding.severity == severity; });
    if (number > 0) {
      parts.push_back(counted(static_cast<std::size_t>(number), name));
    }
  }
  const auto infos = std::count_if(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.severity == Severity::info;
  });
  if (infos > 0) {
    parts.push_back(fmt::format("{} for information", infos));
  }
  return join(parts, ", ");
}

std::string looked_at(const Examination& examination) {
  std::vector<std::string> parts;
  const auto& deployment = examination.deployment;
  if (deployment.project) {
    parts.push_back(counted(deployment.aliases.size(), "PostgreSQL alias") +
                    (deployment.aliases.size() == 1 ? "" : ""));
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

void add_rule_texts(Report& report) {
  for (const auto* rule : rule_table()) {
    const bool named =
        std::any_of(report.findings.begin(), report.findings.end(),
                    [&](const Finding& finding) { return finding.rule == rule->slug; });
    if (rule->look != nullptr || named) {
      report.rules.push_back(rule_text(*rule));
    }
  }
}

std::string verdict_of(const Report& report, const Examination& examination) {
  const auto seen = looked_at(examination);
  if (!report.findings.empty()) {
    return tally(report.findings) + ", in " + seen;
  }
  return report.unknown.empty() ? "nothing to object to, in " + seen
                                : counted(report.unknown.size(), "thing") +
                                      " could not be examined; no finding, in " + seen;
}

int status_of(const Report& report, Severity level) {
  const bool objects =
      std::any_of(report.findings.begin(), report.findings.end(),
                  [&](const Finding& finding) { return finding.severity >= level; });
  if (objects) {
    return 1;
  }
  return report.unknown.empty() ? 0 : static_cast<int>(Failure::unknown);
}

} // namespace

void conclude(const CheckOptions& options, Examination examination, Report& report) {
  note_required(options, examination);
  auto findings = judge(examination.deployment);
  std::move(examination.findings.begin(), examination.findings.end(), std::back_inserter(findings));
  std::stable_sort(findings.begin(), findings.end(), [](const Finding& one, const Finding& other) {
    return one.severity > other.severity;
  });
  add_fingerprints(findings);
  report.findings.insert(report.findings.end(), std::make_move_iterator(findings.begin()),
                         std::make_move_iterator(findings.end()));
  report.unknown.insert(report.unknown.end(), examination.unknown.begin(),
                        examination.unknown.end());
  add_rule_texts(report);
  report.verdict = verdict_of(report, examination);
  report.status = status_of(report, options.common.output.fail_level);
  report.own = Value::object({{"sources", sources_value(examination.sources)}});
}

} // namespace pgtool
