#pragma once

#include "commands/options.hpp"
#include "model/report.hpp"

#include <string>
#include <vector>

namespace pgtool {

/// Whose word silences findings.
struct SilenceTerms {
  const CheckOptions& options;
  std::vector<std::string> silenced_checks{}; ///< SILENCED_SYSTEM_CHECKS of the project
  std::string today;                          ///< YYYY-MM-DD
};

/// True when --select names the rule, or is not given.
bool is_selected(const CheckOptions& options, const std::string& rule);

/// Moves the findings that somebody has answered for to `report.silenced`: --ignore and
/// rules.ignore (a day that has passed is said in the finding, which counts again),
/// SILENCED_SYSTEM_CHECKS (`pgtool.RULE`), and comments `pgtool: ignore[RULE] reason` on the
/// finding's line or on the one above it, or anywhere in its file where it has no line. With
/// --select all other rules' findings are dropped.
void silence(Report& report, const SilenceTerms& terms);

} // namespace pgtool
