#pragma once

#include "commands/context.hpp"
#include "commands/options.hpp"
#include "model/report.hpp"

namespace pgtool {

/// Judges the pooler's settings, Django's and the database against each other, by every rule of the
/// table, from whatever can be looked at. Changes nothing but the files of --fix and
/// --update-baseline. Status 0: nothing to object to; 1: findings at or above --fail-level; 3:
/// something that was tried, or that --require names, could not be looked at.
Report run(const CheckOptions& options, const Context& context);

} // namespace pgtool
