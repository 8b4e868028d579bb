#pragma once

#include "commands/context.hpp"
#include "commands/migrate/concurrent_index.hpp"

#include <string>
#include <vector>

namespace pgtool {

/// The indexes that a run's CREATE INDEX CONCURRENTLY statements make: what fails there leaves one
/// that is invalid, which is dropped, and said.
class LeftoverIndexes {
public:
  explicit LeftoverIndexes(const Context& context) : context_(context) {}

  /// Such a statement is about to be sent by that backend. Says it when its name is taken already.
  void begin(DirectSession& session, const StatementLocks& statement, const std::string& schemas,
             int backend);
  /// What that backend was about to make was there already: it is not ours.
  void forget(int backend);
  /// Drops what the statements until now have left. Throws SqlError when a session is lost.
  void drop();

  /// Names of those that were dropped.
  [[nodiscard]] const std::vector<std::string>& dropped() const { return dropped_; }
  /// Commands that drop those that are still there.
  [[nodiscard]] const std::vector<std::string>& left() const { return left_; }

private:
  const Context& context_;
  std::vector<std::pair<DirectSession*, ConcurrentIndex>> building_;
  std::vector<std::string> dropped_;
  std::vector<std::string> left_;
};

} // namespace pgtool
