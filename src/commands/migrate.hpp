#pragma once

#include "commands/context.hpp"
#include "commands/options.hpp"
#include "model/report.hpp"

namespace pgtool {

/// Runs Django's migrate in the project's own process, with every PostgreSQL alias that points at
/// the pooler led to the proved direct endpoint and each connection proved again from inside and
/// outside, under the deploy lock. Statuses as in README, "Exit statuses".
Report run(const MigrateOptions& options, const Context& context);

} // namespace pgtool
