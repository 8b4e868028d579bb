#pragma once

#include "rules/rule.hpp"

/// The pooler and Django against each other; one rule, one file.
namespace pgtool::rules {

extern const Rule assume_role;
extern const Rule atomic_requests;
extern const Rule direct_endpoint_is_pooled;
extern const Rule direct_endpoint_missing;
extern const Rule direct_endpoint_unreachable;
extern const Rule driver_pool;
extern const Rule persistent_connections;
extern const Rule search_path_conflict;
extern const Rule search_path_option;
extern const Rule server_side_binding;
extern const Rule server_side_cursors;
extern const Rule session_settings_on_connect;
extern const Rule startup_options_ignored;
extern const Rule startup_options_refused;
extern const Rule statement_mode;
extern const Rule time_zone_round_trip;

} // namespace pgtool::rules
