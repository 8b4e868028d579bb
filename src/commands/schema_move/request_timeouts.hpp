#pragma once

#include "commands/schema_move/move_work.hpp"

#include <optional>
#include <string>

namespace pgtool {

/// The shortest statement_timeout or lock_timeout that requests have, by their roles, the database,
/// the server, or OPTIONS: a request that queues behind our lock for longer fails.
struct RequestTimeout {
  int milliseconds = 0;
  std::string where; ///< "statement_timeout of role app"
};
std::optional<RequestTimeout> shortest_request_timeout(MoveWork& work);

/// Milliseconds of a setting such as "1500", "1s" or "2min"; nullopt for 0 and for what is none.
std::optional<int> timeout_milliseconds(const std::string& setting);

} // namespace pgtool
