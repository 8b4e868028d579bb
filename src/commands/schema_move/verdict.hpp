#pragma once

#include "commands/schema_move/verify.hpp"
#include "model/report.hpp"

#include <string>

namespace pgtool {

/// Sets how a report ends.
void set_verdict(Report& report, int status, std::string verdict, std::string hint);

/// The verdict on what was verified: an error is a no (1), and what could not be looked at leaves
/// the question open (3). `good` is what was done, `hint` what to do next when all is well.
void judge_check(Report& report, MoveCheck check, const std::string& good, const std::string& hint);

bool is_error(const Finding& finding);

} // namespace pgtool
