#pragma once

#include "commands/migrate/blockers.hpp"
#include "commands/migrate/idle_holders.hpp"
#include "commands/migrate/lock_waits.hpp"
#include "commands/migrate/trace_file.hpp"
#include "commands/options.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <string>

namespace pgtool {

/// A statement of a migration that may have to wait for locks.
struct WatchedStatement {
  DirectSession* session = nullptr;
  int pid = 0;
  int from = 0; ///< the process that sends it
  std::string migration;
  double allowed = 0; ///< seconds that it may wait for all of its locks; 0: any time
  bool strong = true; ///< others may have to wait for it
};

/// The statements that wait for locks: says who blocks them and who queues behind them, and gives
/// up a request that waits for too long, or that too many wait behind.
class StatementWaits {
public:
  using Say = std::function<void(int from, const std::string& line)>;
  StatementWaits(const MigratePolicy& policy, IdleHolders& idle, TraceFile& trace, Say say)
      : policy_(policy), idle_(idle), trace_(trace), say_(std::move(say)) {}

  /// `anew`: what this backend has waited before does not count.
  void begin(const WatchedStatement& statement, bool anew);
  /// All statements are over.
  void end_all();
  /// Seconds that it has waited since this was asked last.
  double take(int pid) { return waits_.take(pid); }
  /// All that it has waited in this run; its statement has ended by now.
  double total(int pid) { return waits_.total(pid); }
  [[nodiscard]] bool watches(int pid) const { return watched_.contains(pid); }
  /// Why we cancelled its statement, in words that follow "…: "; "" when we did not. Forgets it.
  std::string take_cancelled(int pid);

  [[nodiscard]] bool is_watching() const { return waits_.is_watching(); }
  /// Looks at all of them. Returns after how long there may be more to see.
  std::chrono::milliseconds look();

  [[nodiscard]] int given_up() const { return given_up_; }

private:
  struct Watched {
    WatchedStatement statement;
    Clock::time_point began{};
    Clock::time_point looked{}; ///< who blocks it
    Clock::time_point told{};
    std::string blockers{}; ///< those that were told
  };

  void look_who_blocks(Watched& watched);
  void cancel(const Watched& watched, const std::string& why);

  const MigratePolicy& policy_;
  IdleHolders& idle_;
  TraceFile& trace_;
  Say say_;
  LockWaits waits_;
  std::map<int, Watched> watched_;       ///< by pid
  std::map<int, std::string> cancelled_; ///< by pid: why
  bool told_of_rights_ = false;
  int given_up_ = 0; ///< requests, for those that queued behind them
};

} // namespace pgtool
