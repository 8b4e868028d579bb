#pragma once

#include "model/report.hpp"
#include "report/machine_style.hpp"

#include <string>

/// Reports as the forms for programs get them.
namespace told {

inline pgtool::MachineStyle style() {
  pgtool::MachineStyle style;
  style.version = "1.2.3";
  style.root = "/src/shop";
  style.folder = "/src/shop/web";
  style.stand_in = "web/manage.py";
  return style;
}

inline pgtool::RuleText rule(const char* slug, pgtool::Severity severity) {
  pgtool::RuleText rule;
  rule.slug = slug;
  rule.area = "django";
  rule.severity = severity;
  rule.summary = "about " + rule.slug;
  rule.why = "because";
  rule.remedy = "do it otherwise";
  rule.link = "https://docs.djangoproject.com/";
  return rule;
}

/// Two findings of a known rule and one of none, one that is silenced, and something unknown.
inline pgtool::Report checked() {
  using namespace pgtool;
  Report report;
  report.command = "check";
  report.status = 1;
  report.verdict = "2 findings";
  report.rules = {rule("server-side-cursors", Severity::error), rule("conn-age", Severity::info),
                  rule("quiet-one", Severity::warning)};
  report.findings = {{"server-side-cursors",
                      Severity::error,
                      "cursors break",
                      {"settings.py", 12, "default"},
                      "in transaction mode",
                      "set DISABLE_SERVER_SIDE_CURSORS",
                      "abc",
                      {}},
                     {"conn-age", Severity::info, "ages", {"", 0, "default"}, "", "", "", {}},
                     {"", Severity::warning, "odd", {"/etc/pgbouncer.ini", 3, ""}, "", "", "", {}}};
  report.silenced = {{{"quiet-one", Severity::warning, "hush", {}, "", "", "q", {}},
                      SilencedFinding::By::source,
                      "known"}};
  report.unknown = {{"the console", "refused", "name a user"}};
  return report;
}

/// What no form may stumble over.
inline std::string poison() {
  constexpr char bytes[] = "\"<&'>]]>\r\n::error::x\n::stop-commands::y ##[add-mask]z %0A, a=b:c "
                           "\0\x01\x1b[31m\x7f\xff\xc3(\xed\xa0\x80\xef\xbf\xbe \xe2\x82\xac\t";
  return std::string(bytes, sizeof bytes - 1) + std::string(10240, 'x');
}

/// A report that holds nothing else.
inline pgtool::Report poisoned() {
  using namespace pgtool;
  const auto bad = poison();
  Report report;
  report.command = "check";
  report.status = 3;
  report.verdict = bad;
  report.hint = bad;
  report.rules = {{bad, bad, Severity::error, bad, bad, bad, bad, bad, bad}};
  const Finding finding = {bad, Severity::error,
                           bad, {bad, 1, bad},
                           bad, bad,
                           bad, {{FileForm::ini, "pool.ini", 1, bad, bad, bad}}};
  report.findings = {finding, finding};
  report.silenced = {{finding, SilencedFinding::By::baseline, bad}};
  report.unknown = {{bad, bad, bad}};
  report.title = bad;
  Report part = report;
  report.title.clear();
  report.parts = {part};
  return report;
}

} // namespace told
