#pragma once

#include "commands/context.hpp"
#include "commands/run_routes.hpp"
#include "model/report.hpp"

#include <optional>

namespace pgtool {

/// Tells the pooler to give its clients fresh sessions, as --reconnect-pooler asks: plans that its
/// sessions have prepared do not fit the changed tables any more. What could not be told is the
/// answer; what was told is said.
std::optional<Finding> renew_pooled_sessions(Routes& routes, const Context& context);

/// Says that prepared statements in pooled sessions may fail now; nothing where the pooler keeps
/// none.
std::optional<Finding> stale_plans(const Routes& routes);

} // namespace pgtool
