#include "rules/pooler/all.hpp"

#include "rules/all_rules.hpp"

namespace pgtool {

RuleList rules_of_poolers() {
  static const Rule* const list[] = {
      &rules::admin_is_application,
      &rules::auth_file_readable,
      &rules::auth_md5,
      &rules::auth_plain,
      &rules::auth_trust,
      &rules::config_broken,
      &rules::config_deprecated_key,
      &rules::config_inline_comment,
      &rules::config_not_loaded,
      &rules::config_unknown_key,
      &rules::connect_query_settings,
      &rules::idle_transaction_timeout,
      &rules::known_vulnerability,
      &rules::listen_all_addresses,
      &rules::max_client_conn,
      &rules::pool_exceeds_server,
      &rules::query_timeout,
      &rules::query_wait_timeout,
      &rules::reset_query_always,
      &rules::search_path_tracking,
      &rules::server_lifetime,
      &rules::tls_off,
      &rules::transaction_timeout,
      &rules::variable_not_read,
  };
  return list;
}

} // namespace pgtool
