#pragma once

#include "commands/context.hpp"
#include "commands/options.hpp"
#include "model/report.hpp"

namespace pgtool {

/// What a deploy should know: what stands before the database, what breaks behind it, and what
/// migrate would do. One start of the project; every session is read-only. Statuses as for check.
Report run(const PreflightOptions& options, const Context& context);

} // namespace pgtool
