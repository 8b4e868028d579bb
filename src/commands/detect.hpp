#pragma once

#include "commands/context.hpp"
#include "commands/options.hpp"
#include "model/report.hpp"

namespace pgtool {

/// Names what stands between Django and PostgreSQL, how that is known, and where PostgreSQL itself
/// is. Changes nothing. Status 0: all of it is known; 1: no direct endpoint is proved; 3: the
/// database could not be reached.
Report run(const DetectOptions& options, const Context& context);

} // namespace pgtool
