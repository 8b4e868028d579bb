#pragma once

#include "connector/direct_session.hpp"
#include "sql/statement_locks.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pgtool {

/// A lock that a migration is going to ask for.
struct NeededLock {
  RelationLock lock;
  bool cascades = false; ///< tables that refer to it, or that it refers to, are locked, too
};

/// A transaction of somebody else that holds a lock in the way.
struct TableHolder {
  std::string transaction;   ///< the same for as long as it is the same one
  int pid = 0;               ///< 0: a prepared transaction
  std::string words;         ///< "pid 12 (role app, application pg_dump, active for 9 s)"
  std::string relation;      ///< what it holds: "shop_order"
  std::optional<double> age; ///< seconds; nothing where this role may not see it
};

/// This run's own sessions, which hold the run lock, or all others.
enum class Whose { others, own };

/// Those who hold what conflicts with one of the locks, the oldest first, as far as names lead to
/// relations of `schemas` (an array as the server writes it). Left out is autovacuum, which gives
/// way to whoever waits, unless it prevents wraparound.
std::vector<TableHolder> table_holders(DirectSession& session,
                                       const std::vector<NeededLock>& needed,
                                       const std::string& schemas, Whose whose = Whose::others);

/// "pid 12 (…) lets go of shop_order, pid 14 (…) of shop_item": for messages; at most three.
std::string words_of(const std::vector<TableHolder>& holders, const std::string& verb);

} // namespace pgtool
