#pragma once

#include "sql/parse_tree.hpp"
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
Relation relation_of(const Node& range);
/// A List of names, without the last `skipped` of them: of a column its table, of a trigger, too.
Relation named_relation(const Node& names, std::size_t skipped = 0);

/// Whether an option of that name stands among these DefElems and is not switched off.
bool has_option(const std::vector<Node>& options, std::string_view name);

/// The locks of ALTER TABLE, ALTER INDEX, ALTER VIEW, …
void collect_alter_table(LockCollector& collector, const Node& statement);
/// The tables that foreign keys among these constraints refer to.
void collect_references(LockCollector& collector, const std::vector<Node>& constraints);

} // namespace pgtool
