#pragma once

#include "pg/connection.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pgtool {

/// Why there is no session.
struct ConnectFailure {
  enum class Kind {
    unreachable, ///< nobody answers, the name does not resolve, the port is closed
    timed_out,   ///< packets disappear
    refused,     ///< somebody answered and said no: `refusal` holds the words
    unusable     ///< the parameters themselves are wrong; nothing was sent
  };
  Kind kind = Kind::unreachable;
  Refusal refusal;
  bool login_begun = false; ///< with timed_out: it talked about the login, then fell silent
};

struct ConnectResult {
  std::optional<Connection> connection;
  ConnectFailure failure; ///< meaningful when there is no connection
  double seconds = 0;

  /// True when somebody let us in or said no: that was a login.
  [[nodiscard]] bool answered() const {
    return connection || failure.kind == ConnectFailure::Kind::refused;
  }
};

/// Sessions that are opened at once, so that the cost is the slowest of them. What one login shows
/// may start others: those are opened beside what is still on its way. Each attempt gets at most
/// `timeout` seconds per host of its list; hosts of one list are tried in order, as libpq does. PG*
/// variables of our own process play no part: an Endpoint says everything (see resolve()).
class SideBySide {
public:
  using Then = std::function<void(ConnectResult)>;

  explicit SideBySide(double timeout);
  ~SideBySide();
  SideBySide(const SideBySide&) = delete;
  SideBySide& operator=(const SideBySide&) = delete;

  /// Begins to open this one; `then` is called by run(), and may open more.
  void open(Endpoint endpoint, Then then);
  /// Returns when all are finished. Throws Interrupted.
  void run();

private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The same for a set that is known from the start: the results in its order.
std::vector<ConnectResult> connect_side_by_side(const std::vector<Endpoint>& endpoints,
                                                double timeout);

} // namespace pgtool
