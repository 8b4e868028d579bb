#pragma once

#include "pg/connection.hpp"

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
};

struct ConnectResult {
  std::optional<Connection> connection;
  ConnectFailure failure; ///< meaningful when there is no connection
  double seconds = 0;
};

/// Opens all endpoints at once, so that the cost is the slowest single connect. Each gets at most
/// `timeout` seconds per host of its list; hosts of one list are tried in order, as libpq does.
/// PG* variables of our own process play no part: an Endpoint says everything (see resolve()).
std::vector<ConnectResult> connect_side_by_side(const std::vector<Endpoint>& endpoints,
                                                double timeout);

} // namespace pgtool
