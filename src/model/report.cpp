#include "model/report.hpp"

#include <algorithm>

namespace pgtool {

void apply_fail_level(Report& report, Severity level) {
  const bool objects =
      std::any_of(report.findings.begin(), report.findings.end(),
                  [&](const Finding& finding) { return finding.severity >= level; });
  if (objects && report.status == 0) {
    report.status = 1;
  }
}

} // namespace pgtool
