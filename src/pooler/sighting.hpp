#pragma once

#include "pg/rows.hpp"

#include <optional>
#include <string>

namespace pgtool {

/// What became of our start-up option (`options=-c pgtool.probe=…`).
enum class OptionEcho { not_asked, echoed, dropped, refused };

/// Everything that was seen of what stands at an endpoint. Pure values: identify() judges them.
struct Sighting {
  std::string host; ///< as it was named, lower case; "" for a socket
  std::string port;
  std::optional<Refusal> login_refusal;      ///< the login itself was refused
  std::optional<std::string> status_version; ///< parameter status pgbouncer.version (1.26+)
  std::optional<std::string> status_mode;    ///< parameter status pgbouncer.pool_mode (1.26+)
  /// Parameter status application_name; we send none.
  std::string foreign_name;
  /// The server is of version 14 or later, and the login did not report in_hot_standby.
  bool standby_unsaid = false;
  std::optional<Refusal> console_refusal; ///< the answer to database `pgbouncer` as this user
  std::string console_kind;               ///< whose console was reached; "" when none was
  std::string console_version;
  OptionEcho echo = OptionEcho::not_asked;
  std::optional<Refusal> option_refusal;
  std::optional<bool> pid_matches;  ///< cancellation key against pg_backend_pid()
  std::optional<bool> port_matches; ///< our port against the one that the server sees
  bool backend_older = false;       ///< the backend began before our connect
  bool backends_stay = false;       ///< a backend outlived the session that had it
  std::string pgpool_version;
  bool answers_shard = false; ///< SHOW SHARD is no error, as with pgcat
  bool proved_direct = false;
};

} // namespace pgtool
