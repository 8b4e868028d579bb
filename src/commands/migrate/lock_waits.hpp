#pragma once

#include "connector/direct_session.hpp"

#include <chrono>
#include <map>
#include <optional>

namespace pgtool {

/// How long the backends of a run have waited for locks, seen from another session: a client cannot
/// tell its statement's waiting from its work. What falls between two looks counts as waiting, so a
/// figure is never too small.
class LockWaits {
public:
  static constexpr auto between_looks = std::chrono::milliseconds(40);

  /// From now on that backend of the session's server is watched; what it has waited is forgotten.
  void watch(DirectSession& session, int pid);
  void forget_all();
  [[nodiscard]] bool is_watching() const { return !watched_.empty(); }

  /// Looks at all that are watched, unless that was done just now.
  void look();
  /// Seconds that it has waited since this was asked last.
  double take(int pid);
  /// All that it has waited in this run; its statement has ended by now.
  double total(int pid);
  /// Seconds of the waits of its statement at work; 0 unless it waits at this moment.
  [[nodiscard]] double waiting(int pid) const;

private:
  struct Watched {
    DirectSession* session;
    double ended = 0;          ///< seconds, of waits that are over
    std::optional<double> now; ///< seconds, of the one that goes on
    Clock::time_point seen{};  ///< when that was so
  };

  void note(int pid, Watched& watched, std::optional<double> waiting);

  std::map<int, Watched> watched_;
  std::map<int, double> totals_; ///< seconds, of waits that are over
  Clock::time_point looked_{};
};

} // namespace pgtool
