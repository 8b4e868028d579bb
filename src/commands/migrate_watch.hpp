#pragma once

#include "commands/migrate_progress.hpp"
#include "commands/migrate_routes.hpp"
#include "django/bridge.hpp"
#include "django/messages.hpp"

#include <string>
#include <vector>

namespace pgtool {

/// Stays beside a running migrate: answers its questions, proves each of its connections from
/// outside, passes signals on, and notices when one of our own sessions is lost.
class MigrateWatch {
public:
  MigrateWatch(Bridge& bridge, Routes& routes, const RunTerms& terms)
      : bridge_(bridge), routes_(routes), terms_(terms) {}

  /// Returns when the process has ended.
  Ending watch();

  [[nodiscard]] const MigrationRecord& record() const { return record_; }
  [[nodiscard]] int connections() const { return connections_; }

private:
  struct Seen {
    RoutedDatabase* database;
    int pid;
  };

  void wait_for_news();
  bool take_messages();
  void take(const Value& message);
  void answer_connection(const Value& message);
  void answer_settings(const Value& message);
  std::string why_refused(const Value& message, const RoutedAlias* routed);
  std::string why_refused_from_outside(const Value& message, RoutedDatabase& database);
  void take_signals();
  void cancel_statements();
  void check_own_sessions();

  Bridge& bridge_;
  Routes& routes_;
  RunTerms terms_;
  MigrationRecord record_;
  Ending ending_;
  std::vector<Seen> backends_;
  Clock::time_point last_start_ = Clock::now(); ///< of a migration
  int connections_ = 0;
  int interrupts_ = 0;
  bool open_ = true;
};

} // namespace pgtool
