#include "commands/migrate/table_wait.hpp"

#include <algorithm>

namespace pgtool {

std::vector<TableHolder> TableWait::look(DirectSession& session) {
  if (oldest_ <= 0) {
    return {};
  }
  auto holders = table_holders(session, needed_, schemas_);
  std::erase_if(holders, [&](const TableHolder& holder) { return !is_old(holder); });
  looked_ = true;
  return holders;
}

bool TableWait::is_old(const TableHolder& holder) {
  if (holder.age) {
    return *holder.age > oldest_;
  }
  if (!looked_) {
    old_.insert(holder.transaction);
  }
  const auto now = Clock::now();
  const auto seen = first_seen_.emplace(holder.transaction, now).first->second;
  return old_.contains(holder.transaction) || now - seen > std::chrono::duration<double>(oldest_);
}

} // namespace pgtool
