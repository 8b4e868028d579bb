#include "report/sarif_rules.hpp"

#include "base/text.hpp"
#include "report/outline.hpp"

#include <algorithm>
#include <vector>

namespace pgtool {
namespace {

Value text_value(const std::string& text) { return Value::object({{"text", text}}); }

/// The words that GitHub sorts by.
std::string_view problem_severity(Severity severity) {
  return severity == Severity::error     ? "error"
         : severity == Severity::warning ? "warning"
                                         : "recommendation";
}

std::string title_of(const RuleText& rule) {
  return rule.summary.empty() ? rule_id(rule.slug) : rule.summary;
}

/// The parts of the help that are there, with a title each in Markdown.
Value help_of(const RuleText& rule) {
  std::vector<std::string> plain;
  std::vector<std::string> marked;
  const auto add = [&](const std::string& title, const std::string& text) {
    if (!text.empty()) {
      plain.push_back(title + ": " + text);
      marked.push_back("**" + title + "**: " + text);
    }
  };
  add("Why", rule.why);
  add("Remedy", rule.remedy);
  add("Severity", rule.grades);
  add("Versions", rule.since);
  add("See", rule.link);
  if (plain.empty()) {
    return text_value(title_of(rule));
  }
  return Value::object({{"text", join(plain, "\n\n")}, {"markdown", join(marked, "\n\n")}});
}

bool is_uri(const std::string& link) {
  return link.starts_with("https://") || link.starts_with("http://");
}

Value properties_of(const RuleText& rule) {
  Value tags = Value::array();
  tags.add("postgresql");
  Value properties = Value::object();
  if (!rule.area.empty()) {
    tags.add(rule.area);
    properties.set("area", rule.area);
  }
  properties.set("tags", tags);
  properties.set("problem.severity", problem_severity(rule.severity));
  return properties;
}

} // namespace

SarifRules::SarifRules(const Report& report) {
  const auto all = with_parts(report);
  for (const auto* part : all) {
    std::for_each(part->rules.begin(), part->rules.end(), [&](const auto& rule) { add(rule); });
  }
  for (const auto* part : all) {
    for (const auto& finding : part->findings) {
      add_unless_told(finding);
    }
    for (const auto& silenced : part->silenced) {
      add_unless_told(silenced.finding);
    }
  }
}

void SarifRules::add(const RuleText& rule) {
  const auto id = rule_id(rule.slug);
  if (!index_.emplace(id, static_cast<int>(index_.size())).second) {
    return;
  }
  Value row =
      Value::object({{"id", id},
                     {"name", rule.slug.empty() ? id : rule.slug},
                     {"shortDescription", text_value(title_of(rule))},
                     {"fullDescription", text_value(rule.why.empty() ? title_of(rule) : rule.why)},
                     {"help", help_of(rule)}});
  if (is_uri(rule.link)) {
    row.set("helpUri", rule.link);
  }
  row.set("defaultConfiguration", Value::object({{"level", sarif_level(rule.severity)}}));
  row.set("properties", properties_of(rule));
  list_.add(row);
}

void SarifRules::add_unless_told(const Finding& finding) {
  RuleText rule;
  rule.slug = finding.rule;
  rule.severity = finding.severity;
  add(rule);
}

int SarifRules::index_of(const Finding& finding) const { return index_.at(rule_id(finding.rule)); }

std::string_view sarif_level(Severity severity) {
  switch (severity) {
  case Severity::error:
    return "error";
  case Severity::warning:
    return "warning";
  case Severity::info:
    break;
  }
  return "note";
}

} // namespace pgtool
