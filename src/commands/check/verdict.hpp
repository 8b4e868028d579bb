#pragma once

#include "commands/check/examination.hpp"
#include "model/report.hpp"

namespace pgtool {

/// Adds what was judged to a report: its findings, what could not be looked at, the rules, the
/// command's own key; and its verdict and status, which --fail-level and --require decide.
void conclude(const CheckOptions& options, Examination examination, Report& report);

} // namespace pgtool
