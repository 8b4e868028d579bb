#pragma once

#include "commands/context.hpp"
#include "commands/migrate/database_checks.hpp"
#include "commands/migrate/due_answers.hpp"
#include "commands/migrate/idle_holders.hpp"
#include "commands/migrate/leftover_indexes.hpp"
#include "commands/migrate/migration_log.hpp"
#include "commands/migrate/other_migrations.hpp"
#include "commands/migrate/progress_sight.hpp"
#include "commands/migrate/statement_needs.hpp"
#include "commands/migrate/statement_waits.hpp"
#include "commands/migrate/trace_file.hpp"
#include "commands/options.hpp"
#include "commands/run_companion.hpp"
#include "commands/run_routes.hpp"

#include <map>
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
  std::vector<MigrationEntry> migrations;
  std::vector<std::string> ended; ///< sessions, as --terminate-idle-in-transaction asks
  int given_up = 0;               ///< requests for locks, as --cancel-when-queued asks
  bool changed_old_tables = false;
  bool prepares = false; ///< the project's own connections prepare their statements
  Checked checked; ///< what was found before and after; nothing where nothing was to be applied
};

/// Answers the statements of migrations: what each may wait for, whether it may begin yet, and
/// whether a migration that did not get its lock goes again. Answers that take time come later, so
/// that signals and lost sessions are seen meanwhile.
class MigrationDesk : public RunCompanion {
public:
  /// `shown`: the project prints which migration it applies, and ends that line later.
  /// Throws Error(Failure::usage) when the trace cannot be written.
  MigrationDesk(Routes& routes, const MigratePolicy& policy, double wait, bool shown,
                const Context& context);

  bool take(const BridgeMessage& message, Bridge& bridge) override;
  std::chrono::milliseconds tick(Bridge& bridge) override;

  /// After the run: drops invalid indexes that its own statements left behind, and looks for what
  /// else is left.
  void finish();
  /// Notes who else changes the schema at this moment.
  void look_for_others();

  [[nodiscard]] DeskRecord record() const;

private:
  /// What one process of the project is at.
  struct Work {
    std::string migration;            ///< "shop.0002_note"
    std::vector<std::string> begun;   ///< the last one, and those that apply it
    std::vector<NeededLock> needed;   ///< the strong ones that it has asked for
    Clock::time_point heard{};        ///< when its last message came
    std::string schemas;              ///< where its names lead to, as an array
    DirectSession* session = nullptr; ///< ours, where its last connection is
    int pid = 0;                      ///< of that connection's backend
    bool applies = false;             ///< a migration, at this moment
    bool escaped = false;             ///< another process has connected meanwhile
    bool line_is_open = false;        ///< the project has begun a line about it
  };

  void say(int from, const std::string& line);
  void take_statement(const BridgeMessage& message, Bridge& bridge);
  void take_migration(const BridgeMessage& message, Bridge& bridge);
  void take_try(const BridgeMessage& message, Bridge& bridge);
  std::string holders_now(DirectSession& session, const Work& work, Whose whose);
  void clear_up();
  void take_plan(const BridgeMessage& message, Bridge& bridge);
  void take_progress(const BridgeMessage& message);
  void look_for_detached();
  void watch_the_silent();

  Routes& routes_;
  const MigratePolicy& policy_;
  bool shown_;
  const Context& context_;
  DeskRecord record_;
  std::map<int, Work> works_; ///< by process
  TraceFile trace_;
  IdleHolders idle_;
  StatementWaits waits_;
  MigrationLog log_;
  ProgressSight sight_;
  DueAnswers due_;
  std::string planned_engine_;
  std::string planned_alias_; ///< whose database is migrated; "" when nothing was to be applied
  LeftoverIndexes indexes_;
  DirectSession* detaching_ = nullptr; ///< where DETACH PARTITION CONCURRENTLY was sent
  OtherMigrations others_;
  int last_from_ = 0; ///< the process that began a migration last
};

} // namespace pgtool
