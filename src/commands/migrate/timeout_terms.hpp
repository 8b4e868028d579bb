#pragma once

#include "commands/context.hpp"
#include "commands/options.hpp"
#include "commands/run_routes.hpp"
#include "django/messages.hpp"

namespace pgtool {

/// The policy's timeouts as the processes of the project are told them.
MigrationTerms migration_terms(const MigratePolicy& policy);

/// Says it when a lock timeout that was asked for ends before autovacuum gives way, which it does
/// after the server's deadlock_timeout.
void warn_of_short_timeout(const MigratePolicy& policy, Routes& routes, const Context& context);

} // namespace pgtool
