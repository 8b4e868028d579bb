#pragma once

#include "commands/migrate_progress.hpp"
#include "commands/run_routes.hpp"

namespace pgtool {

/// Whether an atomic migration whose process or connection was lost was committed is known to the
/// database alone: it is asked, once the run's sessions have ended. Notes in `ending` when nobody
/// can be asked.
void settle_unfinished(Routes& routes, MigrationRecord& record, Ending& ending);

} // namespace pgtool
