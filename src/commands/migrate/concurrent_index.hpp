#pragma once

#include "connector/direct_session.hpp"
#include "sql/statement_locks.hpp"

#include <optional>
#include <string>

namespace pgtool {

/// What stands under the name of an index.
enum class IndexState { absent, invalid, valid };

/// An index that a CREATE INDEX CONCURRENTLY makes. One that is interrupted leaves it invalid:
/// written to, never read, and in the way of the next try.
struct ConcurrentIndex {
  std::string table;                      ///< its oid
  std::string schema;                     ///< that of its table
  std::string name;                       ///< "" where the server chooses it
  int backend = 0;                        ///< that makes it
  IndexState before = IndexState::absent; ///< what had the name when the statement came
  bool in_progress = false;          ///< somebody else makes an index of that table at this moment
  std::string invalid_before = "{}"; ///< oids of the table's invalid indexes then

  [[nodiscard]] std::string shown() const; ///< "shop.order_number", quoted where needed
  /// "drop index concurrently shop.order_number"
  [[nodiscard]] std::string drop() const;
};

/// The index of that statement; nothing where its table is not found.
std::optional<ConcurrentIndex> concurrent_index(DirectSession& session,
                                                const StatementLocks& statement,
                                                const std::string& schemas, int backend);

/// Drops it where it is invalid and was not there before the statement: true when that was done.
/// `trouble` says why it could not be.
/// Its name is filled in where the server chose it.
bool drop_leftover(DirectSession& session, ConcurrentIndex& index, std::string& trouble);

} // namespace pgtool
