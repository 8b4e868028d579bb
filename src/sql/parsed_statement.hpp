#pragma once

#include "base/value.hpp"
#include "sql/statement_locks.hpp"

namespace pgtool {

/// Gathers what the statements of one text lock.
class LockCollector {
public:
  explicit LockCollector(StatementLocks& result) : result_(result) {}

  [[nodiscard]] StatementLocks& result() { return result_; }
  /// The strongest mode of a relation counts. One that this text made is left out.
  void lock(Relation relation, LockMode mode, bool index = false);
  void create(Relation relation);
  void not_understood() { result_.understood = false; }

private:
  StatementLocks& result_;
};

/// A RangeVar of the parse tree.
Relation relation_of(const Value& range);
/// A List of names, without the last `skipped` of them: of a column its table, of a trigger, too.
Relation named_relation(const Value& names, std::size_t skipped = 0);

/// The locks of ALTER TABLE, ALTER INDEX, ALTER VIEW, …
void collect_alter_table(LockCollector& collector, const Value& statement);
/// The tables that foreign keys among these constraints refer to.
void collect_references(LockCollector& collector, const Value& constraints);

} // namespace pgtool
