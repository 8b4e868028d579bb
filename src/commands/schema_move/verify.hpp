#pragma once

#include "commands/schema_move/ledger.hpp"
#include "commands/schema_move/move_ground.hpp"
#include "model/report.hpp"
#include "plan/move_plan.hpp"
#include "plan/name_filter.hpp"

#include <vector>

namespace pgtool {

/// What verification came to.
struct MoveCheck {
  std::vector<Finding> findings; ///< what is not as it should be
  std::vector<Unknown> unknown;  ///< what could not be looked at
  std::vector<std::string> seen; ///< what holds, in words
};

/// The plan's role of that name; null when it has none.
const RoleMove* find_role(const MovePlan& plan, const std::string& role);
/// The path that the role's fresh sessions should have now: what it has is judged elsewhere.
SearchPath path_in_force(const RoleMove& role);

/// Looks at what the plan should have come to: nothing left behind, every recorded object in its
/// place, no name in two schemas of a path, the roles' settings, and the path of fresh sessions
/// through the pooler of every role whose login is known. Changes nothing.
MoveCheck verify_move(MoveGround& ground, const MovePlan& plan, const Ledger& ledger,
                      const NameFilter& filter);

} // namespace pgtool
