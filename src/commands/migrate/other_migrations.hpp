#pragma once

#include "connector/direct_session.hpp"

#include <set>
#include <string>
#include <vector>

namespace pgtool {

/// Finds sessions of others that change the same database's schema meanwhile, such as a plain
/// `manage.py migrate`: the deploy lock does not hold them back.
class OtherMigrations {
public:
  /// Words for each that was not told yet: "pid 12 (role app, …): ALTER TABLE". At most one look a
  /// second; nothing in between.
  std::vector<std::string> look(DirectSession& session);

private:
  std::set<int> told_;
  Clock::time_point looked_{};
};

} // namespace pgtool
