#pragma once

#include "commands/context.hpp"
#include "commands/options.hpp"
#include "commands/schema_move/ledger.hpp"
#include "commands/schema_move/move_ground.hpp"
#include "commands/schema_move/recycler.hpp"
#include "model/report.hpp"
#include "plan/move_plan.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace pgtool {

/// A move that is being carried out, and how far it came.
struct MoveWork {
  const SchemaMoveOptions& options;
  const Context& context;
  MoveGround& ground;
  std::vector<DirectSession*> sessions; ///< RoleMove::session counts them
  MovePlan plan;
  Ledger ledger;
  std::string server_path; ///< of roles without a setting
  Recycler& recycler;
  std::vector<Step> steps{};
  std::size_t moved = 0;
  bool changed = false; ///< something was committed: from now on a stop is "started"

  [[nodiscard]] Connection& connection() { return sessions.front()->connection(); }
};

/// A step that was begun: it ends as done, or as failed when it is left by an exception.
class StepClock {
public:
  StepClock(MoveWork& work, std::string name);
  ~StepClock();
  StepClock(const StepClock&) = delete;
  StepClock& operator=(const StepClock&) = delete;

private:
  MoveWork& work_;
  std::size_t index_;
  int exceptions_;
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

/// Runs statements as one transaction of the session with that number; rolls back and throws
/// SqlError when one fails. From then on something counts as changed, also where the answer did not
/// come: whether it was committed is for the next run to see.
void transact(MoveWork& work, const std::vector<std::string>& statements, std::size_t session = 0);

} // namespace pgtool
