#pragma once

#include "commands/context.hpp"
#include "commands/migrate/database_checks.hpp"
#include "commands/options.hpp"
#include "commands/project_link.hpp"
#include "commands/run_routes.hpp"

#include <string>
#include <vector>

namespace pgtool {

/// What migrate would do, as Django itself plans it.
struct PlanRun {
  std::string failure; ///< why it is not known; "" when it is
  Value migrations;    ///< one for each that would run; see PlanReport
  std::vector<std::string> lines;
  Value free_disk;
  Value judged; ///< the facts of these migrations, as read_migrations() takes them
  Checked checked; ///< what would be in its way
};

/// Lets the waiting project run `migrate --plan` over these routes, in sessions that refuse to
/// write, with every connection proved.
PlanRun run_plan(ProjectLink& link, Routes& routes, const CommonOptions& common,
                 const Context& context);

} // namespace pgtool
