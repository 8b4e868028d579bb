#pragma once

#include "pg/connection.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pgtool {

/// What one session says of itself and what we see of it from our end.
struct SessionFacts {
  int key_pid = 0;                 ///< from the login's cancellation key
  int server_pid = 0;              ///< pg_backend_pid()
  std::optional<std::string> echo; ///< our start-up option, when it arrived
  int local_port = 0;              ///< our end; 0 on a unix socket
  int seen_port = 0; ///< the port the server sees; -1 for a unix socket, 0 when hidden
  int peer_pid = 0;  ///< who listens on the unix socket
  bool socket = false;
  std::int64_t backend_age_ms = 0;
  std::int64_t our_age_ms = 0; ///< since our connect began, taken after the answer came
  std::string user;
  std::string session_user;
  std::string schemas;           ///< current_schemas(false)
  std::string migrations_schema; ///< where django_migrations is visible; "" when nowhere
  std::string database;
  std::string system_identifier; ///< "" when this role may not read it
  /// When the server was started, to the microsecond: a copy of a cluster keeps the identifier, but
  /// no other server has this too.
  std::string server_start;
  std::string server_address; ///< as the server sees itself; "" for a unix socket
  std::string server_port;
  std::string server_version;
  int server_version_number = 0;
  bool standby = false;
  std::string pgpool_version; ///< the answer to SHOW pool_version; "" when it is an error
};

/// Whether two sessions of PostgreSQL itself are in one database of one server.
bool same_database(const SessionFacts& one, const SessionFacts& other);

/// The facts, or why they cannot be had.
struct SessionReading {
  SessionFacts facts;
  std::optional<Refusal> refusal;
};

/// Reads all of it from each session, asking them at once; changes nothing and leaves nothing.
std::vector<SessionReading> read_session_facts(const std::vector<Connection*>& sessions);

} // namespace pgtool
