#pragma once

#include "base/value.hpp"
#include "commands/check/examination.hpp"
#include "commands/surveyed_aliases.hpp"

namespace pgtool {

/// Judges the migrations of a plan as `lint --unapplied` does, by what the bridge tells of them and
/// by what the database of their alias holds. Adds findings, and what could not be judged.
void judge_plan(const Value& judged, SurveyedAlias& alias, Examination& examination);

} // namespace pgtool
