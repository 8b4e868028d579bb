#pragma once

#include "commands/context.hpp"
#include "commands/options.hpp"
#include "model/report.hpp"

namespace pgtool {

/// Judges the statements of migrations, of files and of the project's source. Changes nothing.
/// Throws Error(Failure::usage) for a file that is not there or is of no kind that it reads.
Report run(const LintOptions& options, const Context& context);

} // namespace pgtool
