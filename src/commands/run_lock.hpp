#pragma once

#include "commands/context.hpp"
#include "commands/project_link.hpp"
#include "commands/run_routes.hpp"

namespace pgtool {

/// Takes the deploy lock of every database that the run goes to directly: once each, always in the
/// same order, so that two deploys that share two databases cannot wait for each other. Says whom
/// it waits for. Throws Error(Failure::busy) after `wait` seconds, Interrupted when the project's
/// process ends meanwhile.
void lock_databases(Routes& routes, double wait, ProjectLink& link, const Context& context);

} // namespace pgtool
