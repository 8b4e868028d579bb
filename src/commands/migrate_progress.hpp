#pragma once

#include "base/value.hpp"
#include "model/report.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace pgtool {

/// What the migration executors of one run told, in one process or in several. A pure record:
/// messages go in, a verdict comes out.
class MigrationRecord {
public:
  /// Takes a `command`, `command_done`, `plan`, `progress` or `failed` message of process number
  /// `from`.
  void take(const Value& message, int from = 0);
  /// The run has ended `seconds` after the last migration began, because somebody interrupted it or
  /// by itself.
  void stop(double seconds, bool interrupted = false);
  /// The migration that began last and did not end, if there is exactly one and it is atomic.
  struct Doubtful {
    std::string alias;
    std::string app;
    std::string name;
    bool backwards = false;
  };
  [[nodiscard]] std::optional<Doubtful> doubtful() const;
  /// It was committed all the same, as the database says.
  void complete();

  /// True when a migrate of the project passed by, whatever it found to do.
  [[nodiscard]] bool began() const { return commanded_ || planning_; }
  /// True when one ended well. One that is no Django command cannot tell; then its status counts.
  [[nodiscard]] bool done() const { return commanded_ ? done_ : planning_; }
  [[nodiscard]] std::size_t planned() const { return planned_; }
  [[nodiscard]] std::size_t applied() const { return applied_; }
  [[nodiscard]] const std::vector<Step>& steps() const { return steps_; }
  /// The migrations that began and did not end, with commas between; "" when there is none.
  [[nodiscard]] std::string unfinished() const;
  [[nodiscard]] bool unfinished_is_atomic() const;
  /// True when one that is not atomic had written, or may have.
  [[nodiscard]] bool is_halfway() const;
  /// Where it was: "operation 3 of 5 (Add field note to order)"; "" when that is not known.
  [[nodiscard]] std::string operation() const;
  [[nodiscard]] int operations_done() const { return operation_ > 0 ? operation_ - 1 : 0; }
  /// True when the database cannot have been changed by migrations.
  [[nodiscard]] bool changed_nothing() const {
    return applied_ == 0 && !is_halfway() && escaped_.empty();
  }
  /// How the unfinished migration also wrote what no rollback takes back: "through another
  /// connection"; "" when it did not.
  [[nodiscard]] const std::string& escaped() const { return escaped_; }
  /// A process has connected: of another one's migration it is not known what it does there.
  void take_connection(int from);
  [[nodiscard]] const std::string& failure() const { return failure_; }
  /// The bridge itself refused a session that could not be prepared; "" when it did not.
  [[nodiscard]] const std::string& refusal() const { return refusal_; }
  [[nodiscard]] const std::string& sqlstate() const { return sqlstate_; }

private:
  struct Unfinished {
    std::string name;
    bool atomic = true;
    bool backwards = false;
    bool wrote = false;
    std::string alias{};
    std::size_t step = 0; ///< its place among the steps
  };

  void take_progress(const Value& message, int from);
  void take_operation(const Value& message);

  bool commanded_ = false;
  bool planning_ = false;
  bool done_ = false;
  std::size_t planned_ = 0;
  std::size_t applied_ = 0;
  std::vector<Step> steps_;
  /// The one that this process began last; the end when there is none.
  std::multimap<int, Unfinished>::iterator last_of(int process);

  std::multimap<int, Unfinished> unfinished_; ///< by process, in order: one may apply others
  std::string failure_;
  std::string refusal_;
  std::string sqlstate_;
  std::string escaped_;
  int operation_ = 0; ///< from 1, of the unfinished migration
  int operations_ = 0;
  std::string operation_words_;
};

/// How the project's process ended.
struct Ending {
  int child_status = 0;
  std::string refused;           ///< a connection was refused by us, and why
  std::string lost;              ///< our own session was lost, and why
  std::string busy;              ///< others were in the way for too long, and who
  std::vector<std::string> left; ///< commands that drop the invalid indexes that stay
  std::optional<int> signal;     ///< a person or a supervisor asked to stop
  std::string again = "run the same command again to continue"; ///< what continues the work
  std::string project_options; ///< for a command that is proposed, each with a space before it
  bool left_running = false;   ///< processes of the project that we had to end
  bool commit_unknown = false; ///< whether the last migration was committed could not be seen
  bool plan_only = false;
  bool check_only = false;
};

/// The exit status and the words for it.
struct MigrateVerdict {
  int status = 0;
  std::string verdict;
  std::string hint;
};
MigrateVerdict judge_migration(const MigrationRecord& record, const Ending& ending);

} // namespace pgtool
