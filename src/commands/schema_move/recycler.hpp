#pragma once

#include "commands/schema_move/move_ground.hpp"
#include "connector/pause_order.hpp"
#include "connector/pooler_admin.hpp"
#include "model/report.hpp"

#include <memory>
#include <string>
#include <vector>

namespace pgtool {

/// Makes the poolers in front of one database give their clients fresh sessions of the server.
class Recycler {
public:
  /// Opens the consoles of every pooler that an alias of the ground goes through.
  explicit Recycler(const MoveGround& ground);

  /// Finds out whether every process would obey, without telling them.
  void rehearse();
  /// Tells every process that can be told; what was done, in words ("" without a pooler).
  std::string recycle();
  /// Tells processes that answer at the same address and were not reached before.
  void recycle_others();
  /// Where a pooler could not be told by the last rehearse() or recycle(): what that means for the
  /// wait. `drain_timeout` in seconds.
  [[nodiscard]] std::vector<Finding> findings(double drain_timeout) const;
  /// The processes and entries of the one PgBouncer that can be paused; the times are left to be
  /// filled in. Throws Error(Failure::usage) where there is none, or more than one pooler.
  [[nodiscard]] PauseOrder pause_order();
  /// What to do about it, for who waited in vain; "" when every process was told.
  [[nodiscard]] const std::string& cure() const { return cure_; }

private:
  struct Pooler {
    std::string place;
    std::unique_ptr<PoolerAdmin> admin;
    Recycled last;
  };

  std::string database_;
  std::vector<Pooler> poolers_;
  std::string cure_;
};

} // namespace pgtool
