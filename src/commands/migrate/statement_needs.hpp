#pragma once

#include "base/value.hpp"
#include "commands/migrate/table_holders.hpp"
#include "sql/statement_locks.hpp"

#include <set>
#include <string>
#include <utility>
#include <vector>

namespace pgtool {

/// Relations that this run has made: nobody else uses them, so nobody queues behind a lock on them.
class BornRelations {
public:
  void add(const StatementLocks& statement);
  [[nodiscard]] bool contains(const Relation& relation) const;
  void clear() { names_.clear(); }

private:
  std::set<std::pair<std::string, std::string>> names_;
};

/// The locks of a statement for which others would have to wait.
std::vector<NeededLock> needed_locks(const StatementLocks& statement, const std::string& text,
                                     const BornRelations& born);

/// Those that a migration foresees: the elements of the bridge's `tables`.
std::vector<NeededLock> foreseen_locks(const Value& tables, const BornRelations& born);

/// What the bridge is told about a statement (see timeouts.py).
Value statement_answer(const StatementLocks& statement, bool strong);

} // namespace pgtool
