#pragma once

#include "commands/migrate/known_relations.hpp"
#include "commands/migrate/trace_file.hpp"
#include "django/bridge.hpp"
#include "sql/statement_locks.hpp"

#include <functional>
#include <list>
#include <map>
#include <string>
#include <vector>

namespace pgtool {

/// What one migration did to one table.
struct TableRecord {
  std::string table;                      ///< "public.shop_order"
  LockMode lock = LockMode::access_share; ///< the strongest
  std::optional<double> held{};           ///< seconds at most, to the end of its transaction
  bool created = false;                   ///< made by this run
  bool rewritten = false;                 ///< it has a new file, and not from a TRUNCATE
  bool truncated = false;                 ///< it has a new file from a statement with a TRUNCATE
  bool observed = false; ///< seen in pg_locks before COMMIT; else known by its statements
  std::optional<std::int64_t> rows{};
  std::optional<std::int64_t> bytes{};
};

/// What one migration did.
struct MigrationEntry {
  std::string name; ///< "shop.0002_note"
  std::string alias;
  bool atomic = true;
  bool backwards = false;
  bool done = false;
  double seconds = 0;
  double waited = 0;                 ///< seconds, for locks
  std::optional<std::int64_t> wal{}; ///< bytes of log that the whole cluster wrote meanwhile
  std::vector<TableRecord> tables{};

  [[nodiscard]] Value value() const;
};

/// Keeps the record of a run's migrations: what each locked, for how long, and what it rewrote.
/// Locks are those that the migration's own transaction tells right before its COMMIT; where it
/// tells none (it is not atomic, or failed) those that its statements say.
class MigrationLog {
public:
  explicit MigrationLog(TraceFile& trace) : trace_(trace) {}

  /// What is there before the first one. Without it there is no record.
  void begin(DirectSession& session);
  /// Looks at every message. `waited`: the seconds that a backend has waited until now.
  void take(const BridgeMessage& message, const std::function<double(int pid)>& waited);
  /// A statement of the migration at work of that process, as it is about to be sent.
  /// `waited`: seconds that its backend has waited until now.
  void take_statement(const BridgeMessage& message, const StatementLocks& statement, double waited);
  /// After the run: what did not end has failed.
  void end(const std::function<double(int pid)>& waited);

  [[nodiscard]] const std::vector<MigrationEntry>& entries() const { return entries_; }
  /// A migration of that name has been applied, or unapplied.
  [[nodiscard]] bool is_done(const std::string& name) const;
  /// Columns of tables that were there before have changed, so that plans that were made for them
  /// do not fit any more.
  [[nodiscard]] bool changed_old_tables() const { return changed_old_tables_; }

private:
  struct Sent {
    RelationLock lock;
    Clock::time_point at;
    double waited_before = 0;        ///< seconds, of its backend
    std::optional<double> waited{};  ///< seconds, for this statement
    std::optional<double> seconds{}; ///< how long it ran, where it was a transaction of its own
  };

  struct Work {
    MigrationEntry entry;
    int from = 0;
    Clock::time_point began{};
    int pid = 0;
    std::vector<Sent> sent{};
    Value held{};             ///< of the last transaction that was about to commit
    Clock::time_point told{}; ///< when that came
    Clock::time_point ended{};
    std::string position{};                       ///< of the server's log by then
    std::map<std::int64_t, std::int64_t> files{}; ///< that tables of its statements had by then
    double waited_before = 0;                     ///< seconds, of its backend
    std::vector<Relation> truncated{};
    bool changes_columns = false;
  };

  Work* at_work(int from);
  static void settle_waits(Work& work, double waited);
  RelationLock with_table(RelationLock lock);
  void finish(Work& work, double waited);
  void note_file(const Work& work, KnownRelation& relation, std::int64_t file, TableRecord& table);
  void settle_ended();
  void read_tables();
  void note_held(Work& work);
  void note_born(Work& work);
  void note_sent(Work& work);
  std::optional<double> held_since(const Work& work, const std::string& name) const;
  std::optional<std::int64_t> log_since(const std::string& position);

  TraceFile& trace_;
  DirectSession* session_ = nullptr;
  KnownRelations relations_;
  std::vector<std::string> path_;
  bool changed_old_tables_ = false;
  std::int64_t position_ = 0; ///< of the server's log when the last migration ended
  std::list<Work> works_;     ///< in the order in which they began
  std::list<Work> ended_;     ///< whose tables are looked up later, all at once
  std::vector<MigrationEntry> entries_;
};

} // namespace pgtool
