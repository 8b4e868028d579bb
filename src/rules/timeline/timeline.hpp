#pragma once

#include "rules/timeline/estimate.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace pgtool {

/// A table that one transaction keeps locked, from the statement that takes its strongest lock.
struct HeldTable {
  TakenLock lock;
  std::size_t from = 0;  ///< the statement, as Reading::statements has it
  std::size_t until = 0; ///< the last one that runs meanwhile
  SecondsRange seconds{};
};

/// One transaction of a reading, or one statement that commits by itself.
struct TimelinePart {
  bool is_transaction = false;
  std::size_t first = 0;
  std::size_t last = 0;
  std::vector<HeldTable> tables; ///< that were there before; the strongest lock first
};

/// Which tables are locked how long; parts that lock none are left out.
std::vector<TimelinePart> timeline(const Reading& reading, const Rates& rates);

/// What waits for a lock: "reads and writes", "writes", …
std::string_view what_waits(LockMode mode);

} // namespace pgtool
