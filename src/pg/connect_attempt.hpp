#pragma once

#include "pg/connect.hpp"
#include "pg/names.hpp"

#include <poll.h>
#include <vector>

namespace pgtool {

/// One endpoint on its way to a session: its name is looked up, then its addresses are tried in
/// order. Nothing of it ever waits; connect.cpp calls it when there is something to do.
class ConnectAttempt {
public:
  ConnectAttempt(Endpoint endpoint, double timeout, Lookups& lookups);

  [[nodiscard]] bool finished() const { return finished_; }
  /// What to wait for; no descriptor while a name is looked up.
  [[nodiscard]] pollfd watch() const;
  [[nodiscard]] Clock::time_point deadline() const { return deadline_; }
  /// Goes on as far as possible without waiting; gives the present address up when its time is
  /// over. `ready` tells that its descriptor is.
  void go_on(bool ready);
  ConnectResult take() { return std::move(result_); }

private:
  void look();
  void advance();
  void expire();
  void begin();
  void fail();
  void next_host();
  void finish();
  void restart_clock();

  Endpoint endpoint_;
  double timeout_;
  Lookups& lookups_;
  Clock::time_point first_began_;
  Clock::time_point began_;
  Clock::time_point deadline_;
  std::vector<Endpoint> hosts_; ///< empty while the names are looked up
  std::size_t current_ = 0;
  std::size_t received_ = 0;
  ConnectionHandle handle_;
  bool wants_write_ = true;
  bool finished_ = false;
  ConnectResult result_;
};

} // namespace pgtool
