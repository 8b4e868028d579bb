#pragma once

#include "commands/context.hpp"
#include "commands/options.hpp"
#include "model/report.hpp"

namespace pgtool {

/// Moves the objects of one schema to another while requests go on, and back; or plans, checks and
/// ends such a move.
Report run(const SchemaMoveOptions& options, const Context& context);

} // namespace pgtool
