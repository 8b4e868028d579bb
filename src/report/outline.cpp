#include "report/outline.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cstdint>

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
  // FNV-1a; a zero byte ends each text, so that "ab" "c" is not "a" "bc".
  std::uint64_t sum = 0xcbf29ce484222325;
  const auto take = [&](char byte) {
    sum = (sum ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
  };
  for (const auto text : texts) {
    std::for_each(text.begin(), text.end(), take);
    take('\0');
  }
  constexpr std::string_view digits = "0123456789abcdef";
  std::string name;
  for (int shift = 60; shift >= 0; shift -= 4) {
    name += digits[(sum >> static_cast<unsigned>(shift)) & 0xFU];
  }
  return name;
}

} // namespace pgtool
