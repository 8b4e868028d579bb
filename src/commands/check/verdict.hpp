#pragma once

#include "commands/check/examination.hpp"
#include "model/report.hpp"

namespace pgtool {

/// Adds what was judged to a report: its findings, less those that are silenced, what could not be
/// looked at, the rules, the command's own key; and its verdict and status, which --fail-level and
/// --require decide. Writes the baseline when that is asked for.
void conclude(const CheckOptions& options, Examination examination, Report& report);

/// Which rules of the table have judged.
enum class Judges { deployments, statements };

struct WeighTerms {
  Judges judges = Judges::deployments;
  std::vector<std::string> silenced_checks{}; ///< SILENCED_SYSTEM_CHECKS of the project
};

/// Sorts a report's findings, gravest first, moves those that somebody has answered for to
/// `silenced`, and adds fingerprints and the rules. Writes the baseline when that is asked for.
void weigh(const CheckOptions& options, const WeighTerms& terms, Report& report);

/// Verdict and status anew, when findings were mended after that.
void settle(const CheckOptions& options, Report& report);

} // namespace pgtool
