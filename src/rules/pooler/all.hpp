#pragma once

#include "rules/rule.hpp"

/// A pooler's own settings; one rule, one file.
namespace pgtool::rules {

extern const Rule admin_is_application;
extern const Rule auth_file_readable;
extern const Rule auth_md5;
extern const Rule auth_plain;
extern const Rule auth_trust;
extern const Rule config_broken;
extern const Rule config_deprecated_key;
extern const Rule config_inline_comment;
extern const Rule config_not_loaded;
extern const Rule config_unknown_key;
extern const Rule connect_query_settings;
extern const Rule idle_transaction_timeout; // in timeouts.cpp, as all that cut off migrations
extern const Rule known_vulnerability;
extern const Rule listen_all_addresses;
extern const Rule max_client_conn;
extern const Rule pool_exceeds_server;
extern const Rule query_timeout;
extern const Rule query_wait_timeout;
extern const Rule reset_query_always;
extern const Rule search_path_tracking;
extern const Rule server_lifetime;
extern const Rule tls_off;
extern const Rule transaction_timeout;
extern const Rule variable_not_read;

} // namespace pgtool::rules
