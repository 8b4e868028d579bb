#pragma once

#include "commands/context.hpp"
#include "commands/options.hpp"
#include "model/report.hpp"

namespace pgtool {

/// What rules mean, why, and how to mend what they find. Throws Error(Failure::usage) for a slug
/// that is none, with the nearest as its hint.
Report run(const ExplainOptions& options, const Context& context);

} // namespace pgtool
