#pragma once

#include "commands/context.hpp"
#include "commands/options.hpp"
#include "model/report.hpp"

namespace pgtool {

/// Chooses the endpoint that an application should use: the preferred one when it answers a
/// statement within the connect timeout, else the other. A direct endpoint is proved to be
/// PostgreSQL itself; where the pooler is down it cannot be compared with it, so only one that was
/// named, or that the project names with its own secret, will do. The report's text is the endpoint
/// in the form that was asked for; with --exec it says what to become. Status 0, or 3 when none
/// answers.
Report run(const EndpointOptions& options, const Context& context);

} // namespace pgtool
