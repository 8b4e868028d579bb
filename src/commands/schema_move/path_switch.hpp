#pragma once

#include "commands/schema_move/move_work.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace pgtool {

/// A change of all roles' paths, to be in force in every session before anything else happens.
struct PathSwitch {
  std::string name; ///< in the ledger: "expand", "contract", "return", "restore"
  /// What a role's path becomes; nullopt: no setting.
  std::function<std::optional<SearchPath>(const RoleMove&)> path;
  std::vector<std::string> first; ///< statements that belong into the same transaction
};

/// Sets the paths, makes the pooler open fresh sessions, and waits until every session has the new
/// path. What was done by an earlier run is not done again; a wait that was interrupted goes on.
void switch_paths(MoveWork& work, const PathSwitch& change);

} // namespace pgtool
