#pragma once

#include "model/endpoint.hpp"

#include <string>
#include <vector>

namespace pgtool {

/// What is to be paused, and for how long at most.
struct PauseOrder {
  /// One for each process of PgBouncer, as PoolerAdmin::consoles() gives them; the same endpoint
  /// twice means two processes behind it.
  std::vector<Endpoint> consoles;
  std::vector<std::string> entries; ///< by the pooler's own names
  /// Clients wait no longer than this, from the first PAUSE to the last RESUME: until their last
  /// transactions end and until the work is done, together.
  double seconds = 10;
  double timeout = 2; ///< for one login at a console
};

/// The hidden word after which this program is a pause guard.
constexpr const char* pause_guard_word = "pause-guard";

/// As a message of a Channel. It holds the passwords of the consoles.
std::vector<std::string> encoded(const PauseOrder& order);
/// Throws Error(Failure::internal) for what encoded() did not write.
PauseOrder decoded_order(const std::vector<std::string>& message);

/// Whether another process answers at that console's address.
bool is_shared(const PauseOrder& order, const Endpoint& console);

} // namespace pgtool
