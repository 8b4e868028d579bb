#include "pooler/config/bouncer_keys.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <vector>

namespace pgtool {
namespace {

using enum KeyTrait;

constexpr BouncerKey global_keys[] = {
    {"admin_users"},
    {"application_name_add_host"},
    {"auth_dbname", "1.19", kept},
    {"auth_file", "", kept},
    {"auth_hba_file"},
    {"auth_ident_file", "1.23", kept},
    {"auth_ldap_options", "1.25", secret},
    {"auth_query"},
    {"auth_type"},
    {"auth_user", "", kept},
    {"autodb_idle_timeout"},
    {"cancel_wait_timeout", "1.19"},
    {"client_idle_timeout"},
    {"client_login_timeout"},
    {"client_tls13_ciphers", "1.25", kept},
    {"client_tls_ca_file"},
    {"client_tls_cert_file"},
    {"client_tls_ciphers"},
    {"client_tls_dheparams"},
    {"client_tls_ecdhcurve"},
    {"client_tls_key_file"},
    {"client_tls_protocols"},
    {"client_tls_sslmode"},
    {"conffile", "", kept},
    {"default_pool_size"},
    {"disable_pqexec"},
    {"dns_max_ttl"},
    {"dns_nxdomain_ttl"},
    {"dns_zone_check_period"},
    {"idle_transaction_timeout"},
    {"ignore_startup_parameters"},
    {"job_name"},
    {"listen_addr"},
    {"listen_backlog"},
    {"listen_port"},
    {"log_connections"},
    {"log_disconnections"},
    {"log_pooler_errors"},
    {"log_stats", "1.11"},
    {"logfile"},
    {"login_notify_message", "1.26"},
    {"max_client_conn"},
    {"max_db_client_connections", "1.24"},
    {"max_db_connections"},
    {"max_packet_size"},
    {"max_prepared_statements", "1.21"},
    {"max_user_client_connections", "1.24"},
    {"max_user_connections"},
    {"min_pool_size"},
    {"peer_id", "1.19"},
    {"pidfile"},
    {"pkt_buf"},
    {"pool_idle_timeout", "1.26"},
    {"pool_mode"},
    {"query_timeout"},
    {"query_wait_notify", "1.25"},
    {"query_wait_timeout"},
    {"reserve_pool_size"},
    {"reserve_pool_timeout"},
    {"resolv_conf", "1.12"},
    {"sbuf_loopcnt"},
    {"scram_iterations", "1.25"},
    {"server_check_delay"},
    {"server_check_query"},
    {"server_connect_timeout"},
    {"server_fast_close", "1.9"},
    {"server_idle_timeout"},
    {"server_lifetime"},
    {"server_login_retry"},
    {"server_reset_query"},
    {"server_reset_query_always"},
    {"server_round_robin"},
    {"server_tls13_ciphers", "1.25", kept},
    {"server_tls_ca_file"},
    {"server_tls_cert_file"},
    {"server_tls_ciphers"},
    {"server_tls_key_file"},
    {"server_tls_protocols"},
    {"server_tls_sslmode"},
    {"so_reuseport", "1.12"},
    {"stats_period"},
    {"stats_users"},
    {"suspend_timeout", "", plain, "1.26"},
    {"syslog"},
    {"syslog_facility"},
    {"syslog_ident"},
    {"tcp_defer_accept"},
    {"tcp_keepalive"},
    {"tcp_keepcnt"},
    {"tcp_keepidle"},
    {"tcp_keepintvl"},
    {"tcp_socket_buffer"},
    {"tcp_user_timeout", "1.13"},
    {"track_extra_parameters", "1.20"},
    {"transaction_timeout", "1.25"},
    {"unix_socket_dir"},
    {"unix_socket_group"},
    {"unix_socket_mode"},
    {"user", "", kept},
    {"verbose", "", kept},
};

constexpr BouncerKey database_keys[] = {
    {"application_name"},
    {"auth_dbname", "1.19"},
    {"auth_query", "1.22"},
    {"auth_user"},
    {"client_encoding"},
    {"connect_query"},
    {"datestyle"},
    {"dbname"},
    {"host"},
    {"load_balance_hosts", "1.24"},
    {"max_db_client_connections", "1.24"},
    {"max_db_connections"},
    {"min_pool_size", "1.16"},
    {"password", "", secret},
    {"pool_mode"},
    {"pool_size"},
    {"port"},
    {"query_wait_timeout", "1.26"},
    {"reserve_pool"},
    {"reserve_pool_size", "1.24"},
    {"server_lifetime", "1.23"},
    {"timezone"},
    {"user"},
};

constexpr BouncerKey user_keys[] = {
    {"client_idle_timeout", "1.24"},
    {"idle_transaction_timeout", "1.24"},
    {"max_user_client_connections", "1.24"},
    {"max_user_connections"},
    {"pool_mode"},
    {"pool_size", "1.23"},
    {"query_timeout", "1.24"},
    {"query_wait_timeout", "1.26"},
    {"reserve_pool_size", "1.24"},
    {"transaction_timeout", "1.25"},
};

constexpr BouncerKey peer_keys[] = {
    {"host", "1.19"},
    {"pool_size", "1.19"},
    {"port", "1.19"},
};

} // namespace

std::optional<BouncerSection> bouncer_section(std::string_view name) {
  if (name == "pgbouncer") {
    return BouncerSection::pgbouncer;
  }
  if (name == "databases") {
    return BouncerSection::databases;
  }
  if (name == "users") {
    return BouncerSection::users;
  }
  return name == "peers" ? std::optional(BouncerSection::peers) : std::nullopt;
}

std::span<const BouncerKey> bouncer_keys(BouncerSection section) {
  switch (section) {
  case BouncerSection::databases:
    return database_keys;
  case BouncerSection::users:
    return user_keys;
  case BouncerSection::peers:
    return peer_keys;
  case BouncerSection::pgbouncer:
    break;
  }
  return global_keys;
}

const BouncerKey* find_bouncer_key(BouncerSection section, std::string_view name) {
  const auto keys = bouncer_keys(section);
  const auto found = std::find_if(keys.begin(), keys.end(),
                                  [&](const BouncerKey& key) { return key.name == name; });
  return found != keys.end() ? &*found : nullptr;
}

std::optional<std::string> nearest_bouncer_key(BouncerSection section, std::string_view name) {
  std::vector<std::string> names;
  for (const auto& key : bouncer_keys(section)) {
    names.emplace_back(key.name);
  }
  return nearest(name, names);
}

} // namespace pgtool
