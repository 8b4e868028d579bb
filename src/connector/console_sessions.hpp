#pragma once

#include "pg/connect.hpp"
#include "pooler/console.hpp"

#include <string>
#include <vector>

namespace pgtool {

/// A session of a pooler's console. Its statements have a time limit.
struct ConsoleSession {
  Connection connection;
  ConsoleIdentity identity;
  std::string mark; ///< its application_name, which no other session has

  /// "127.0.0.1:6432", "/run/pgbouncer:6432"
  [[nodiscard]] std::string place() const;
};

/// A console that could not be opened, in words without secrets.
struct ConsoleFailure {
  std::string place;
  std::string why;
  Endpoint endpoint; ///< as it was asked for
};

struct OpenedConsoles {
  std::vector<ConsoleSession> sessions;
  std::vector<ConsoleFailure> failures;
};

/// Opens one session for each endpoint, side by side; what answers without being a console is a
/// failure. Each gets `timeout` seconds for its login and again for each statement.
OpenedConsoles open_consoles(const std::vector<Endpoint>& endpoints, double timeout);

/// Whether the same process answers both. PgBouncer lists its own clients only, so each must see
/// the other's mark (1.18+) or port; that holds for processes that share one port, one
/// configuration or one address, while SHOW CONFIG and SHOW VERSION may be equal in all of them.
/// Other poolers: the same place is the same process.
bool is_same_process(ConsoleSession& one, const ConsoleSession& other);

/// Whether the process of that console still has a client with one of these marks (1.18+).
bool lists_any(Connection& console, const std::vector<std::string>& marks);

/// The endpoint as messages name it.
std::string console_place(const Endpoint& endpoint);

} // namespace pgtool
