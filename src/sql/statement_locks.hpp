#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>
namespace pgtool {
enum class LockMode { access_share, row_share, row_exclusive, share_update_exclusive, share, share_row_exclusive, exclusive, access_exclusive };
bool conflicts(LockMode one, LockMode other);
std::string_view lock_mode_name(LockMode mode);
struct Relation { std::string schema; std::string name; };
struct RelationLock { Relation relation; bool index = false; LockMode mode = LockMode::access_share; };
struct StatementLocks {
  bool understood = true;
  std::size_t statements = 0;
  std::vector<RelationLock> locks;
  std::vector<Relation> creates;
  std::optional<Relation> concurrent_index;
  std::optional<Relation> concurrent_table;
  bool outside_transactions = false;
  bool controls_transaction = false;
  std::vector<std::string> sets;
  bool plain = false;
  bool strong() const;
};
StatementLocks statement_locks(const std::string& sql);
}
