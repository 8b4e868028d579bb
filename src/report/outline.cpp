#include "report/outline.hpp"

#include "base/stable_hash.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace pgtool {
namespace {

constexpr std::string_view prefix = "pgtool.";

std::string lines_of(const std::vector<std::string>& texts) {
  std::vector<std::string> lines;
  std::copy_if(texts.begin(), texts.end(), std::back_inserter(lines),
               [](const std::string& text) { return !text.empty(); });
  return join(lines, "\n");
}

} // namespace

std::vector<const Report*> with_parts(const Report& report) {
  std::vector<const Report*> all = {&report};
  for (const auto& part : report.parts) {
    all.push_back(&part);
  }
  return all;
}

std::string rule_id(std::string_view rule) {
  if (rule.empty()) {
    return std::string(prefix) + "remark";
  }
  return rule.starts_with(prefix) ? std::string(rule) : std::string(prefix).append(rule);
}

const RuleText* rule_of(const Report& report, const Finding& finding) {
  const auto id = rule_id(finding.rule);
  const auto found = std::find_if(report.rules.begin(), report.rules.end(),
                                  [&](const RuleText& rule) { return rule_id(rule.slug) == id; });
  return found == report.rules.end() ? nullptr : &*found;
}

std::string words_of(const Finding& finding) {
  return lines_of({finding.message, finding.detail, finding.remedy});
}

std::string words_of_verdict(const Report& report) {
  return lines_of({report.verdict, report.hint});
}

std::string words_of(const Unknown& unknown) { return lines_of({unknown.why, unknown.cure}); }

std::string name_of(const Report& report, const Report& part) {
  const auto name = report.command.empty() ? "pgtool" : std::string(prefix) + report.command;
  return part.title.empty() ? name : name + ": " + part.title;
}

bool is_broken(const Report& part) { return part.status > 1; }

bool is_bare_refusal(const Report& part, Severity fail_level) {
  return part.status == 1 &&
         std::none_of(part.findings.begin(), part.findings.end(),
                      [&](const Finding& finding) { return finding.severity >= fail_level; });
}

std::string fingerprint_of(std::initializer_list<std::string_view> texts) {
  StableHash hash;
  for (const auto text : texts) {
    hash.add(text);
    hash.add(std::string_view("\0", 1)); // so that "ab" "c" is not "a" "bc"
  }
  return hash.digits();
}

} // namespace pgtool
