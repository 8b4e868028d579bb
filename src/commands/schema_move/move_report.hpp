#pragma once

#include "commands/options.hpp"
#include "commands/schema_move/planning.hpp"
#include "model/report.hpp"

#include <cstddef>

namespace pgtool {

/// Puts the plan into the report: facts, steps to do, and the command's own key. Every statement is
/// a step with -v 2.
void add_plan(const MoveOutline& outline, const OutputOptions& output, Report& report);

/// "move 42 tables and 1 sequence from schema public to shop and change the path of 1 role".
std::string plan_words(const MovePlan& plan);

} // namespace pgtool
