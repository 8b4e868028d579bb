#pragma once

#include "model/endpoint.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pgtool {

/// One entry of settings.DATABASES with its effective connection parameters, as the project's own
/// Django computed them.
struct Alias {
  std::string name;
  std::string engine;
  std::string vendor;               ///< connection.vendor: "postgresql", "sqlite", …
  Endpoint endpoint;                ///< PostgreSQL only
  bool server_side_cursors = true;  ///< DISABLE_SERVER_SIDE_CURSORS is off
  bool driver_pool = false;         ///< OPTIONS pool
  bool server_side_binding = false; ///< OPTIONS server_side_binding
  bool atomic_requests = false;
  bool health_checks = false;                      ///< CONN_HEALTH_CHECKS
  std::optional<std::int64_t> conn_max_age{0};     ///< seconds; nothing: for ever
  std::optional<std::int64_t> prepare_threshold{}; ///< OPTIONS prepare_threshold
  std::string time_zone{};                         ///< that each connection is set to; "" for none
  bool password_computed = false; ///< by the engine, and perhaps another one for each host
  std::string assume_role;
  std::string error; ///< why the parameters could not be had; "" when they could

  [[nodiscard]] bool is_postgresql() const { return vendor == "postgresql"; }
};

/// What the run does with one alias.
struct AliasRoute {
  enum class Action {
    leave,  ///< untouched
    direct, ///< goes to `endpoint`, and each connection is proved
    deny    ///< no connection may be opened, for `reason`
  };
  std::string alias;
  Action action = Action::leave;
  std::string reason;
  Endpoint endpoint;                                        ///< proved and pinned
  Endpoint before;                                          ///< what the project configured
  std::vector<std::pair<std::string, std::string>> session; ///< settings for each connection
  int lock_pid = 0; ///< our session that holds the deploy lock there; 0 when nobody needs to
};

} // namespace pgtool
