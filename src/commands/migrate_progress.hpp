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
  /// True when the database cannot have been changed by migrations.
  [[nodiscard]] bool changed_nothing() const { return applied_ == 0 && unfinished_is_atomic(); }
  [[nodiscard]] const std::string& failure() const { return failure_; }
  /// The bridge itself refused a session that could not be prepared; "" when it did not.
  [[nodiscard]] const std::string& refusal() const { return refusal_; }
  [[nodiscard]] const std::string& sqlstate() const { return sqlstate_; }

private:
  struct Unfinished {
    std::string name;
    bool atomic = true;
    std::size_t step = 0; ///< its place among the steps
  };

  void take_progress(const Value& message, int from);

  bool commanded_ = false;
  bool planning_ = false;
  bool done_ = false;
  std::size_t planned_ = 0;
  std::size_t applied_ = 0;
  std::vector<Step> steps_;
  std::map<int, Unfinished> unfinished_; ///< by process
  std::string failure_;
  std::string refusal_;
  std::string sqlstate_;
};

/// How the project's process ended.
struct Ending {
  int child_status = 0;
  std::string refused;       ///< a connection was refused by us, and why
  std::string lost;          ///< our own session was lost, and why
  std::optional<int> signal; ///< a person or a supervisor asked to stop
  std::string again = "run the same command again to continue"; ///< what continues the work
  std::string project_options; ///< for a command that is proposed, each with a space before it
  bool left_running = false;   ///< processes of the project that we had to end
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
