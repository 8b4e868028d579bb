#pragma once

#include "commands/migrate/table_holders.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace pgtool {

/// Waiting until no transaction older than a limit holds what a migration needs, so that its
/// request is granted at once and nobody queues behind it.
class TableWait {
public:
  TableWait(std::vector<NeededLock> needed, std::string schemas, double oldest)
      : needed_(std::move(needed)), schemas_(std::move(schemas)), oldest_(oldest) {}

  /// The holders that have to be waited for at this moment. Of a transaction whose age this role
  /// may not see, age counts from when it was seen first; one that was there at the first look is
  /// old.
  std::vector<TableHolder> look(DirectSession& session);

private:
  bool is_old(const TableHolder& holder);

  std::vector<NeededLock> needed_;
  std::string schemas_; ///< where names without one lead to
  double oldest_;       ///< seconds; 0: nobody is waited for
  bool looked_ = false;
  std::set<std::string> old_;
  std::map<std::string, Clock::time_point> first_seen_;
};

} // namespace pgtool
