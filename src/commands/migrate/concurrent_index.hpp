#pragma once

#include "connector/direct_session.hpp"
#include "sql/statement_locks.hpp"

#include <string>
#include <vector>

namespace pgtool {

/// What stands under the name of an index.
enum class IndexState { absent, invalid, valid };

/// An index that a CREATE INDEX CONCURRENTLY makes. One that is interrupted leaves it invalid:
/// written to, never read, and in the way of the next try.
struct ConcurrentIndex {
  std::string schema; ///< that of its table
  std::string name;
  int backend = 0;                        ///< that makes it
  IndexState before = IndexState::absent; ///< when the statement came

  [[nodiscard]] std::string shown() const; ///< "shop.order_number", quoted where needed
  /// "drop index concurrently shop.order_number"
  [[nodiscard]] std::string drop() const;
};

/// The index of that statement, and what stands under its name now. Without a name, or where the
/// table is not found: one that is `valid`, which nobody will take for left behind.
ConcurrentIndex concurrent_index(DirectSession& session, const StatementLocks& statement,
                                 int backend);

/// What stands there now. Waits up to `patience` seconds for a backend that still makes it.
IndexState state_of(DirectSession& session, const ConcurrentIndex& index, double patience);

/// Drops it where it is invalid and was not there before the statement: true when that was done.
/// `trouble` says why it could not be.
bool drop_leftover(DirectSession& session, const ConcurrentIndex& index, std::string& trouble);

} // namespace pgtool
