#include "commands/schema_move/verdict.hpp"

#include <algorithm>

namespace pgtool {

bool is_error(const Finding& finding) { return finding.severity == Severity::error; }

void set_verdict(Report& report, int status, std::string verdict, std::string hint) {
  report.status = status;
  report.verdict = std::move(verdict);
  report.hint = std::move(hint);
}

void judge_check(Report& report, MoveCheck check, const std::string& good,
                 const std::string& hint) {
  report.findings.insert(report.findings.begin(), check.findings.begin(), check.findings.end());
  report.unknown.insert(report.unknown.end(), check.unknown.begin(), check.unknown.end());
  report.advice = std::move(check.seen);
  const auto wrong = std::find_if(check.findings.begin(), check.findings.end(), is_error);
  if (wrong != check.findings.end()) {
    set_verdict(report, 1, good + ", but " + wrong->message, wrong->remedy);
  } else if (!report.unknown.empty()) {
    set_verdict(report, 3, good + ", but " + report.unknown.front().what + " could not be examined",
                report.unknown.front().cure);
  } else {
    set_verdict(report, 0, good, hint);
  }
}

} // namespace pgtool
