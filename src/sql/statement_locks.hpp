#pragma once

#include "sql/lock_mode.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace pgtool {

class Node;

/// A name as the server reads it: unquoted letters are lower case by now. No schema: "".
struct Relation {
  std::string schema;
  std::string name;

  friend bool operator==(const Relation&, const Relation&) = default;
};

/// "schema.table", or "table" where it has none: for messages and keys, not for SQL.
std::string plain_name(const Relation& relation);

struct RelationLock {
  Relation relation;
  bool index = false; ///< the name is an index; its table is locked with it
  LockMode mode = LockMode::access_share;
};

/// What the statements of a text lock, as PostgreSQL 12 to 18 do it; where versions differ, the
/// stronger. Locks of mere reading are left out, and so is what the text does not name: tables that
/// a CASCADE or a dropped constraint reaches, partitions, what functions do.
struct StatementLocks {
  /// False when it does not parse (the parser is PostgreSQL 15's), or does what nobody can read
  /// from it: DO, CALL, EXECUTE, DROP SCHEMA, REASSIGN OWNED and the like.
  bool understood = true;
  std::size_t statements = 0;
  std::vector<RelationLock> locks; ///< on what was there before this text, the strongest of each
  std::vector<Relation> creates;
  std::optional<Relation>
      concurrent_index; ///< that CREATE INDEX CONCURRENTLY makes; name may be ""
  std::optional<Relation> concurrent_table; ///< and the table it is on
  bool outside_transactions = false;        ///< cannot run inside a transaction block
  bool controls_transaction = false;        ///< BEGIN, COMMIT, ROLLBACK, SAVEPOINT, …
  std::vector<std::string> sets;            ///< settings that change; "all" for RESET ALL
  bool plain = false;                       ///< only SELECT, INSERT, UPDATE, DELETE, MERGE, …

  /// True when others may have to wait for it: SHARE or stronger, or nobody knows.
  [[nodiscard]] bool strong() const;
};

/// Reads a text of any number of statements. Placeholders of Django's parametrised SQL may stand in
/// it. Never fails: what cannot be read is not `understood`.
StatementLocks statement_locks(const std::string& sql);

/// The same of one statement of a parse tree.
StatementLocks statement_locks(const Node& statement);

} // namespace pgtool
