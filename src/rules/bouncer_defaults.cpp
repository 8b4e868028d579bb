#include "rules/bouncer_defaults.hpp"

#include "base/version_order.hpp"

namespace pgtool {
namespace {

struct Default {
  std::string_view key;
  std::string_view value;
  std::string_view since = {}; ///< before that version it was `before`
  std::string_view before = {};
};

constexpr Default defaults[] = {
    {"auth_type", "md5"},
    {"client_idle_timeout", "0"},
    {"client_tls_sslmode", "disable"},
    {"default_pool_size", "20"},
    {"idle_transaction_timeout", "0"},
    {"ignore_startup_parameters", ""},
    {"listen_addr", ""},
    {"listen_port", "6432"},
    {"max_client_conn", "100"},
    {"max_db_connections", "0"},
    {"max_prepared_statements", "200", "1.24", "0"},
    {"max_user_connections", "0"},
    {"min_pool_size", "0"},
    {"pool_mode", "session"},
    {"query_timeout", "0"},
    {"query_wait_timeout", "120"},
    {"reserve_pool_size", "0"},
    {"reserve_pool_timeout", "5"},
    {"server_idle_timeout", "600"},
    {"server_lifetime", "3600"},
    {"server_reset_query", "DISCARD ALL"},
    {"server_reset_query_always", "0"},
    {"server_tls_sslmode", "prefer", "1.20", "disable"},
    {"so_reuseport", "0"},
    {"transaction_timeout", "0"},
};

} // namespace

std::string_view bouncer_default(std::string_view key, std::string_view version) {
  for (const auto& one : defaults) {
    if (one.key != key) {
      continue;
    }
    if (one.since.empty()) {
      return one.value;
    }
    if (is_surely_since(version, one.since)) {
      return one.value;
    }
    return is_surely_older(version, one.since) ? one.before : "";
  }
  return "";
}

} // namespace pgtool
