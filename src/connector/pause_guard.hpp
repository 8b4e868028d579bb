#pragma once

#include "base/own_process.hpp"
#include "connector/pause_order.hpp"
#include "pg/connection.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pgtool {

/// How a pause ended.
struct PauseEnd {
  bool resumed = true;               ///< every entry that was paused goes on
  std::string early;                 ///< why it ended before it was asked to; "" when it did not
  std::vector<std::string> commands; ///< what a person must type when it was not resumed
};

/// A PAUSE of entries of PgBouncer (1.9+) that cannot outlive us. A process of its own holds it and
/// RESUMEs when end() asks, when this process dies, however it does, when its console is lost, when
/// the limit of the order passes, and when it is sent SIGTERM itself. Should that process be
/// killed, end() does its work. Only the end of the machine, or of everything in its container,
/// leaves a pause behind.
///
/// Somebody else's PAUSE stays theirs: when one of the entries is paused already, on any of the
/// processes, nothing is done. One that an operator gives while ours is in force cannot be told
/// apart from ours: it ends with ours. A waiting PAUSE also waits for other entries that somebody
/// else is pausing, since PgBouncer answers when all paused entries are at rest.
///
/// While it is in force no RECONNECT is needed, for no server session is left; sent then, or
/// shortly before, it would make new clients wait for their pool's first server, which PgBouncer
/// fails to open during a PAUSE (see pooler/back_off.hpp; the guard mends that after the RESUME).
///
/// In force means that no server session of these entries is left on the processes that were named:
/// whether another process serves the same database only the server can tell.
class PauseGuard {
public:
  /// Pauses all entries on all processes, or none. `say` is told when the destructor had to end the
  /// pause and could not. Throws Interrupted, with nothing left paused.
  static PauseGuard begin(PauseOrder order, std::function<void(const std::string&)> say);
  PauseGuard(PauseGuard&&) noexcept = default;
  PauseGuard& operator=(PauseGuard&&) = delete;
  PauseGuard(const PauseGuard&) = delete;
  PauseGuard& operator=(const PauseGuard&) = delete;
  /// As end().
  ~PauseGuard();

  /// Why there was no pause; "" when there is or was one.
  [[nodiscard]] const std::string& why_not() const noexcept { return why_not_; }
  /// Whether clients are held back at this moment, as far as the guard has told.
  bool in_force();
  /// Seconds until the limit.
  [[nodiscard]] double left() const;
  /// Resumes and waits until that is confirmed. May be called again: the answer stays the same.
  PauseEnd end();

private:
  PauseGuard(PauseOrder order, std::function<void(const std::string&)> say);
  void wait_until_paused();
  void take(const std::vector<std::string>& message);
  void finish(PauseEnd end);
  void reap();
  PauseEnd resume_ourselves(std::string early);

  PauseOrder order_;
  std::function<void(const std::string&)> say_;
  std::unique_ptr<OwnProcess> guard_; ///< null when none was started, or after a move
  Clock::time_point began_;
  bool pausing_ = false; ///< something may be paused
  bool paused_ = false;
  std::string why_not_;
  std::optional<PauseEnd> end_;
};

} // namespace pgtool
