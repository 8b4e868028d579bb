#include "commands/explain.hpp"

#include "base/counted.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "rules/rule_table.hpp"

#include <fmt/core.h>

namespace pgtool {
namespace {

std::string full_text(const RuleText& rule) {
  auto text = fmt::format("pgtool.{}\n{}\n\n{}\n\nSeverity: {}\nArea: {}\n", rule.slug,
                          rule.summary, rule.why, rule.grades, rule.area);
  text += "Remedy: " + rule.remedy + "\n";
  text += rule.since.empty() ? "" : "Versions: " + rule.since + "\n";
  text += rule.link.empty() ? "" : "See " + rule.link + "\n";
  return text;
}

const Rule& rule_named(const std::string& slug) {
  if (const auto* rule = find_rule(slug)) {
    return *rule;
  }
  const auto meant = nearest_rule(slug);
  throw Error(Failure::usage, "unknown rule '" + slug + "'",
              meant ? "did you mean " + *meant + "?" : "`pgtool explain` lists them all");
}

} // namespace

Report run(const ExplainOptions& options, const Context&) {
  Report report;
  report.command = "explain";
  std::string text;
  for (const auto& slug : options.rules) {
    report.rules.push_back(rule_text(rule_named(slug)));
    text += (text.empty() ? "" : "\n") + full_text(report.rules.back());
  }
  if (options.rules.empty()) {
    for (const auto* rule : rule_table()) {
      report.rules.push_back(rule_text(*rule));
      text += fmt::format("{:28} {}\n", rule->slug, rule->summary);
    }
  }
  report.verdict = counted(report.rules.size(), "rule");
  report.text = std::move(text);
  return report;
}

} // namespace pgtool
