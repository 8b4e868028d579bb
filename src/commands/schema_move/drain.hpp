#pragma once

#include "commands/schema_move/move_work.hpp"

#include <set>
#include <string>
#include <vector>

namespace pgtool {

/// A session, or a prepared transaction, that began before a path was changed.
struct StaleSession {
  int pid = 0; ///< 0 for a prepared transaction
  bool idle = false;
  std::string text; ///< "pid 12 (role app, application web, idle, connected for 40 s)"
};

/// Waits until no session of the plan's roles is left that began before the moment, and no
/// prepared transaction. A session whose age this role may not see counts until its pid is gone.
/// Pgtool's own sessions send qualified names only and do not count. Names those that stay on; ends
/// idle ones with --terminate-stale. Asks the pooler again while old sessions remain. Throws
/// Error(Failure::stopped) that names them when the time is over.
class Drain {
public:
  Drain(MoveWork& work, std::string moment);
  /// Looks once, before the pooler is told to recycle: what is hidden now counts as old.
  void look_first();
  /// Seconds to wait at most.
  void wait(double limit);
  /// Those that are there now.
  std::vector<StaleSession> look();

private:
  [[nodiscard]] std::string sessions_sql() const;
  void tell(const std::vector<StaleSession>& stale);
  void terminate(const std::vector<StaleSession>& stale);
  [[noreturn]] void give_up(const std::vector<StaleSession>& stale, double limit) const;

  MoveWork& work_;
  std::string moment_;
  std::set<int> hidden_; ///< pids without an age that were there at first
  std::string told_;
};

} // namespace pgtool
