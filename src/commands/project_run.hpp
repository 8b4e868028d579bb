#pragma once

#include "commands/context.hpp"
#include "commands/migrate/desk.hpp"
#include "commands/migrate_progress.hpp"
#include "commands/options.hpp"
#include "model/report.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pgtool {

/// One Django command that is to be run in the project's own process.
struct ProjectRunRequest {
  const CommonOptions& common;
  const RouteOptions& route;
  std::vector<std::string> arguments; ///< the command's name first
  bool locked = false;                ///< under the deploy lock
  bool read_only = false;             ///< every session refuses to write
  bool other_databases = false; ///< databases that the project makes on the proved server will do
  std::string doing;            ///< "migrating", for what a person is told
  const MigratePolicy* policy = nullptr; ///< how its migrations ask for locks; null: as they do
  bool reconnect_pooler = false;         ///< after tables that were there before have changed
  bool tells_plan = false;               ///< it is `migrate --plan`: the plan is looked at closely
};

/// How it went. Without an ending it was refused: nothing was started, and the report says why.
struct ProjectRun {
  Report report; ///< route, pooler, facts, findings, unknown
  std::optional<Ending> ending;
  MigrationRecord record;
  std::string where;                  ///< " at host:port (…)"; empty when nothing was routed
  Value own;                          ///< aliases and connections, for the command's own key
  DeskRecord desk;                    ///< where there is a policy
  Value plan;                         ///< what would run, where that was asked for
  Value free_disk;                    ///< bytes, beside a plan, where the server tells
  std::vector<std::string> account{}; ///< lines for a person about it
};

/// Runs the command with every PostgreSQL alias that points at the pooler led to the proved direct
/// endpoint, and each connection proved again from inside and outside. A project without a pooler
/// just runs.
ProjectRun run_project(const ProjectRunRequest& request, const Context& context);

} // namespace pgtool
