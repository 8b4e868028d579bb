#pragma once

#include "commands/options.hpp"
#include "commands/schema_move/ledger.hpp"
#include "commands/schema_move/move_ground.hpp"
#include "commands/schema_move/role_settings.hpp"
#include "django/project_models.hpp"
#include "plan/move_plan.hpp"
#include "plan/name_filter.hpp"

#include <optional>

namespace pgtool {

/// Which objects are meant. Who checks or ends a move without saying so means those of the move.
NameFilter filter_of(const SchemaMoveOptions& options, const Ledger& ledger,
                     const std::optional<ProjectModels>& models);

/// Everything that is known before anything is changed.
struct MoveOutline {
  Ledger ledger;
  RoleSettings settings;
  MovePlan plan;
  std::string server_path; ///< of roles without a setting
  /// That path could not be seen: the server's built-in one was taken for it.
  bool server_path_assumed = false;
};

/// Reads the record of an earlier run, the catalog and the roles, and makes the plan. `server_path`
/// is what a role without a setting has, where it could be seen. Throws Error(Failure::usage) where
/// the options contradict the record.
MoveOutline make_outline(const SchemaMoveOptions& options, MoveGround& ground,
                         const NameFilter& filter, const std::optional<std::string>& server_path);

/// The inventory of what is emptied, as it is now.
SchemaInventory current_inventory(Connection& session, const MovePlan& plan, const Ledger& ledger,
                                  const NameFilter& filter);

} // namespace pgtool
