#include "commands/migrate/statement_needs.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace pgtool {
namespace {

/// db_table may hold a schema, as in '"shop"."order"' or 'shop"."order'.
Relation relation_named(std::string text) {
  std::erase(text, '"');
  const auto dot = text.find('.');
  return dot == std::string::npos ? Relation{"", text}
                                  : Relation{text.substr(0, dot), text.substr(dot + 1)};
}

/// Blocks no reader and no writer, and so may wait for as long as it takes.
bool may_wait(const StatementLocks& statement) {
  return statement.understood && !statement.locks.empty() && !statement.strong() &&
         std::any_of(statement.locks.begin(), statement.locks.end(), [](const auto& lock) {
           return lock.mode == LockMode::share_update_exclusive;
         });
}

/// May have committed something when it fails: procedures do, and what runs in several transactions
/// of its own. What CREATE INDEX leaves is looked for and dropped.
bool is_partial(const StatementLocks& statement) {
  return !statement.understood || (statement.outside_transactions && !statement.concurrent_index);
}

} // namespace

std::vector<NeededLock> needed_locks(const StatementLocks& statement, const std::string& text) {
  const auto words = lower(text);
  const bool cascades =
      words.find("drop ") != std::string::npos || words.find("cascade") != std::string::npos;
  std::vector<NeededLock> needed;
  for (const auto& lock : statement.locks) {
    if (lock.mode >= LockMode::share) {
      needed.push_back({lock, cascades});
    }
  }
  return needed;
}

std::vector<NeededLock> foreseen_locks(const Value& tables) {
  std::vector<NeededLock> needed;
  for (const auto& table : tables.elements()) {
    const auto relation = relation_named(table["name"].text());
    needed.push_back({{relation, false,
                       lock_mode_named(table["mode"].text()).value_or(LockMode::access_exclusive)},
                      false});
  }
  return needed;
}

Value statement_answer(const StatementLocks& statement, bool strong) {
  Value sets = Value::array();
  for (const auto& name : statement.sets) {
    sets.add(name);
  }
  Value makes = Value::array();
  for (const auto& relation : statement.creates) {
    makes.add(relation.name);
  }
  const bool is_long = may_wait(statement);
  const bool cached = statement.understood && statement.locks.empty() &&
                      statement.creates.empty() && statement.sets.empty();
  return Value::object({{"kind", strong    ? "strong"
                                 : is_long ? "long"
                                           : "plain"},
                        {"sets", sets},
                        {"control", statement.controls_transaction},
                        {"opaque", !statement.understood},
                        {"index", statement.concurrent_index.has_value()},
                        {"makes", makes},
                        {"reads", statement.plain && statement.locks.empty()},
                        {"single", !statement.controls_transaction && !is_partial(statement)},
                        {"partial", is_partial(statement)},
                        {"cached", cached}});
}

} // namespace pgtool
