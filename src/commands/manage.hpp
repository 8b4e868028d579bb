#pragma once

#include "commands/context.hpp"
#include "commands/options.hpp"
#include "model/report.hpp"

namespace pgtool {

/// Runs any management command of the project over the same road as migrate. Commands whose name
/// begins with `migrate` run under the deploy lock, others on request. The status is the command's
/// own once it has started; before that, or when pgtool itself ended it, as in README, "Exit
/// statuses".
Report run(const ManageOptions& options, const Context& context);

} // namespace pgtool
