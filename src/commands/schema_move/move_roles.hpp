#pragma once

#include "commands/options.hpp"
#include "commands/schema_move/ledger.hpp"
#include "commands/schema_move/move_ground.hpp"
#include "commands/schema_move/role_settings.hpp"
#include "plan/move_plan.hpp"

#include <string>
#include <vector>

namespace pgtool {

/// The roles whose paths change: as the server sees the sessions of each alias, and those that were
/// named. Throws Error(Failure::usage) for a role that does not exist. `server_path` is that of
/// roles without a setting.
std::vector<RoleMove> find_role_moves(const SchemaMoveOptions& options, MoveGround& ground,
                                      const RoleSettings& settings, const Ledger& ledger,
                                      const std::string& server_path);

} // namespace pgtool
