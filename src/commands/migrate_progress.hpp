#pragma once

#include "base/value.hpp"
#include "model/report.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pgtool {

/// What the migration executor told of one run. A pure record: messages go in, a verdict comes out.
class MigrationRecord {
public:
  /// Takes a `plan`, `progress` or `failed` message.
  void take(const Value& message);
  /// The run has ended `seconds` after the last migration began.
  void stop(double seconds);

  [[nodiscard]] std::size_t planned() const { return planned_; }
  [[nodiscard]] std::size_t applied() const { return applied_; }
  [[nodiscard]] const std::vector<Step>& steps() const { return steps_; }
  /// The migration that began and did not end; "" when there is none.
  [[nodiscard]] const std::string& unfinished() const { return unfinished_; }
  [[nodiscard]] bool unfinished_is_atomic() const { return unfinished_is_atomic_; }
  /// True when the database cannot have been changed by migrations.
  [[nodiscard]] bool changed_nothing() const {
    return applied_ == 0 && (unfinished_.empty() || unfinished_is_atomic_);
  }
  [[nodiscard]] const std::string& failure() const { return failure_; }
  /// The bridge itself refused a session that could not be prepared; "" when it did not.
  [[nodiscard]] const std::string& refusal() const { return refusal_; }
  [[nodiscard]] const std::string& sqlstate() const { return sqlstate_; }

private:
  void take_progress(const Value& message);

  std::size_t planned_ = 0;
  std::size_t applied_ = 0;
  std::vector<Step> steps_;
  std::string unfinished_;
  bool unfinished_is_atomic_ = true;
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
