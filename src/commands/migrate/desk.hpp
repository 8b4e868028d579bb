#pragma once

#include "commands/context.hpp"
#include "commands/migrate/leftover_indexes.hpp"
#include "commands/migrate/lock_waits.hpp"
#include "commands/migrate/other_migrations.hpp"
#include "commands/migrate/statement_needs.hpp"
#include "commands/migrate/table_wait.hpp"
#include "commands/options.hpp"
#include "commands/run_companion.hpp"
#include "commands/run_routes.hpp"

#include <list>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace pgtool {

/// What is said after the name of a migration that caught a lock timeout, in a thread or by itself.
constexpr const char* went_on_words = " went on after a statement that did not get its lock in "
                                      "time: look whether something is missing";

/// What a run's migrations had to wait for, and what they left.
struct DeskRecord {
  Value tries = Value::array();
  Value waits = Value::array();
  std::vector<std::string> dropped; ///< invalid indexes of its own
  std::vector<std::string> went_on; ///< migrations that caught a lock timeout
  std::string busy;                 ///< why the run was given up, nothing being wrong with it
  std::vector<std::string> left; ///< invalid indexes that stay, each with the command that drops it
};

/// Answers the statements of migrations: what each may wait for, whether it may begin yet, and
/// whether a migration that did not get its lock goes again. Answers that take time come later, so
/// that signals and lost sessions are seen meanwhile.
class MigrationDesk : public RunCompanion {
public:
  /// `shown`: the project prints which migration it applies, and ends that line later.
  MigrationDesk(Routes& routes, const MigratePolicy& policy, double wait, bool shown,
                const Context& context)
      : routes_(routes), policy_(policy), wait_(wait), shown_(shown), context_(context),
        indexes_(context) {}

  bool take(const BridgeMessage& message, Bridge& bridge) override;
  std::chrono::milliseconds tick(Bridge& bridge) override;

  /// After the run: drops invalid indexes that its own statements left behind.
  void clear_up();
  /// Notes who else changes the schema at this moment.
  void look_for_others();

  [[nodiscard]] DeskRecord record() const;

private:
  /// What one process of the project is at.
  struct Work {
    std::string migration;          ///< "shop.0002_note"
    std::vector<std::string> begun; ///< the last one, and those that apply it
    std::vector<NeededLock> needed; ///< the strong ones that it has asked for
    Clock::time_point heard{};      ///< when its last message came
    std::string schemas;            ///< where its names lead to, as an array
    bool applies = false;           ///< a migration, at this moment
    bool escaped = false;           ///< another process has connected meanwhile
    bool line_is_open = false;      ///< the project has begun a line about it
  };

  /// An answer that is due later.
  struct Pending {
    BridgeMessage message;
    DirectSession* session;
    TableWait wait;
    Value answer;
    Clock::time_point not_before{};
    Clock::time_point began{};
    std::string told{};                 ///< the words that were said last
    std::vector<std::string> holders{}; ///< all that were waited for
    Clock::time_point looked{};
  };

  void say(int from, const std::string& line);
  DirectSession* session_of(const BridgeMessage& message);
  void take_statement(const BridgeMessage& message, Bridge& bridge);
  void take_migration(const BridgeMessage& message, Bridge& bridge);
  void take_try(const BridgeMessage& message, Bridge& bridge);
  std::string holders_now(DirectSession& session, const Work& work, Whose whose);
  void cancel_who_waits_too_long();
  void look_for_detached();
  /// True when it was answered, or nobody is left to hear it.
  bool settle(Pending& pending, Bridge& bridge);
  void finish(Pending& pending, Bridge& bridge);
  void say_whom(Pending& pending, const std::vector<TableHolder>& holders);

  Routes& routes_;
  const MigratePolicy& policy_;
  double wait_; ///< seconds
  bool shown_;
  const Context& context_;
  DeskRecord record_;
  std::map<int, Work> works_; ///< by process
  std::list<Pending> pending_;
  LockWaits waits_;
  std::map<int, double> allowed_; ///< seconds that a backend's statement may wait
  std::set<int> cancelled_;       ///< backends whose statement was cancelled for that
  LeftoverIndexes indexes_;
  DirectSession* detaching_ = nullptr; ///< where DETACH PARTITION CONCURRENTLY was sent
  OtherMigrations others_;
};

} // namespace pgtool
