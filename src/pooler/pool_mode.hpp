#pragma once

#include "pg/connection.hpp"

#include <string>
#include <vector>

namespace pgtool {

/// A pool mode and how it is known.
struct PoolMode {
  std::string mode = "unknown";       ///< session, transaction, statement, unknown
  std::string confidence = "unknown"; ///< proved, certain, likely, unknown
  std::string source;                 ///< who says so, for people
  std::string evidence;               ///< what was seen or said
};

/// The answer that is surest; of two that are equally sure the first. Unknown when there is none.
PoolMode surest(const std::vector<PoolMode>& answers);

/// Finds the mode by behaviour: two clients, no write, no SET, no lock, no temporary object, at
/// most two server connections. Seeing one client on two backends of one server, or two clients on
/// one backend, proves transaction mode; a refused BEGIN proves statement mode; "session" is only
/// likely, since a busy pool may hide the sharing. A session that gives no answer in time is
/// closed.
PoolMode probe_pool_mode(Connection& first, Connection& second);

/// True when a refusal is PgBouncer's answer to BEGIN in statement mode (1.8 used other words).
bool refuses_transactions(const Refusal& refusal);

} // namespace pgtool
