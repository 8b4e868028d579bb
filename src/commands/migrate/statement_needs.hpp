#pragma once

#include "base/value.hpp"
#include "commands/migrate/table_holders.hpp"
#include "sql/statement_locks.hpp"

#include <string>
#include <vector>

namespace pgtool {

/// The locks of a statement for which others would have to wait.
std::vector<NeededLock> needed_locks(const StatementLocks& statement, const std::string& text);

/// Those that a migration foresees: the elements of the bridge's `tables`.
std::vector<NeededLock> foreseen_locks(const Value& tables);

/// What the bridge is told about a statement (see timeouts.py).
Value statement_answer(const StatementLocks& statement, bool strong);

} // namespace pgtool
