#pragma once

#include "pg/connection.hpp"
#include "plan/move_plan.hpp"

#include <string>

namespace pgtool {

/// Who holds a lock on an object, or on a sequence that it owns.
struct Blockers {
  std::string
      text; ///< "pid 12 (role app, application web, idle in transaction for 9 s)"; "" if none
  bool autovacuum = false; ///< one of them is autovacuum, which gives way
};

/// Those at this moment, as far as this role may see them.
Blockers blockers_of(Connection& session, const MoveObject& object);

} // namespace pgtool
