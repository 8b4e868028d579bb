#include "rules/both/all.hpp"

#include "rules/all_rules.hpp"

namespace pgtool {

RuleList rules_of_both() {
  static const Rule* const list[] = {
      &rules::statement_mode,
      &rules::server_side_cursors,
      &rules::search_path_option,
      &rules::search_path_conflict,
      &rules::startup_options_refused,
      &rules::startup_options_ignored,
      &rules::assume_role,
      &rules::session_settings_on_connect,
      &rules::server_side_binding,
      &rules::persistent_connections,
      &rules::driver_pool,
      &rules::atomic_requests,
      &rules::time_zone_round_trip,
      &rules::direct_endpoint_missing,
      &rules::direct_endpoint_unreachable,
      &rules::direct_endpoint_is_pooled,
  };
  return list;
}

} // namespace pgtool
