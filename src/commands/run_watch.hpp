#pragma once

#include "commands/migrate_progress.hpp"
#include "commands/project_link.hpp"
#include "commands/run_companion.hpp"
#include "commands/run_routes.hpp"
#include "django/bridge.hpp"
#include "django/messages.hpp"

#include <functional>
#include <set>
#include <string>
#include <vector>

namespace pgtool {

/// What holds for every process and every connection of a run.
struct WatchTerms {
  RunTerms run;
  /// Databases that the project makes for itself on the proved server, such as those of its tests,
  /// may be used, too.
  bool other_databases = false;
  /// Adds an alias that nobody has examined yet to the routes; without it such an alias is denied.
  std::function<void(const Alias&)> examine{};
  RunCompanion* companion = nullptr; ///< takes what the watch does not know; may be null
};

/// Stays beside a running command: answers the questions of its processes, proves each of their
/// connections from outside, passes signals on, and notices when one of our own sessions is lost.
class RunWatch {
public:
  /// Lets the run begin: `link.question` is answered here, and what else came until now.
  RunWatch(ProjectLink& link, Routes& routes, const WatchTerms& terms);

  /// Returns when the process has ended.
  Ending watch();

  [[nodiscard]] const MigrationRecord& record() const { return record_; }
  [[nodiscard]] int connections() const { return connections_; }

private:
  struct Seen {
    RoutedDatabase* database;
    int pid;
  };

  void end_others();
  void wait_for_news(std::chrono::milliseconds longest);
  void take_messages();
  std::optional<BridgeMessage> next_message(std::chrono::milliseconds patience);
  void lose(const std::string& what);
  void take(const BridgeMessage& message);
  void answer_connection(const BridgeMessage& message);
  void answer_settings(const BridgeMessage& message);
  AliasRoute late_order(const Alias& alias);
  std::string why_refused(const Value& message, const RoutedAlias* routed);
  std::string why_refused_from_outside(const Value& message, RoutedDatabase& database);
  void take_signals();
  void cancel_statements();
  void check_own_sessions();

  Bridge& bridge_;
  Routes& routes_;
  WatchTerms terms_;
  std::set<int> answered_; ///< processes that have their orders
  std::vector<BridgeMessage> early_;
  MigrationRecord record_;
  Ending ending_;
  std::vector<Seen> backends_;
  Clock::time_point last_start_ = Clock::now(); ///< of a migration
  int connections_ = 0;
  int interrupts_ = 0;
};

} // namespace pgtool
