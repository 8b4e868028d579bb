#include "pooler/config/bouncer_values.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cstdlib>
#include <span>
#include <string>

namespace pgtool {
namespace {

constexpr std::string_view numbers[] = {"application_name_add_host",
                                        "default_pool_size",
                                        "disable_pqexec",
                                        "listen_backlog",
                                        "log_connections",
                                        "log_disconnections",
                                        "log_pooler_errors",
                                        "log_stats",
                                        "max_client_conn",
                                        "max_db_client_connections",
                                        "max_db_connections",
                                        "max_packet_size",
                                        "max_prepared_statements",
                                        "max_user_client_connections",
                                        "max_user_connections",
                                        "min_pool_size",
                                        "peer_id",
                                        "pkt_buf",
                                        "query_wait_notify",
                                        "reserve_pool_size",
                                        "sbuf_loopcnt",
                                        "scram_iterations",
                                        "server_fast_close",
                                        "server_reset_query_always",
                                        "server_round_robin",
                                        "so_reuseport",
                                        "stats_period",
                                        "syslog",
                                        "tcp_keepalive",
                                        "tcp_keepcnt",
                                        "tcp_keepidle",
                                        "tcp_keepintvl",
                                        "tcp_socket_buffer",
                                        "tcp_user_timeout",
                                        "unix_socket_mode",
                                        "verbose"};
constexpr std::string_view durations[] = {"autodb_idle_timeout",   "cancel_wait_timeout",
                                          "client_idle_timeout",   "client_login_timeout",
                                          "dns_max_ttl",           "dns_nxdomain_ttl",
                                          "dns_zone_check_period", "idle_transaction_timeout",
                                          "pool_idle_timeout",     "query_timeout",
                                          "query_wait_timeout",    "reserve_pool_timeout",
                                          "server_check_delay",    "server_connect_timeout",
                                          "server_idle_timeout",   "server_lifetime",
                                          "server_login_retry",    "suspend_timeout",
                                          "transaction_timeout"};
constexpr std::string_view tls_modes[] = {"disable", "allow",     "prefer",
                                          "require", "verify-ca", "verify-full"};
constexpr std::string_view auth_types[] = {"any", "trust", "plain", "md5",          "cert",
                                           "hba", "pam",   "ldap",  "scram-sha-256"};
/// Whose values are text that a `;` or a `#` may belong to.
constexpr std::string_view texts[] = {"auth_query", "server_check_query", "server_reset_query",
                                      "login_notify_message", "auth_ldap_options"};

bool is_one_of(std::span<const std::string_view> words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_tls_mode(std::string_view key) {
  return key == "client_tls_sslmode" || key == "server_tls_sslmode";
}

struct Number {
  double value = 0;
  bool is_one = false;
};

/// As C reads it: 0x10 and 020 are 16.
Number read_integer(const std::string& text) {
  char* end = nullptr;
  const auto number = std::strtol(text.c_str(), &end, 0);
  return {static_cast<double>(number), !text.empty() && end != text.c_str() && *end == '\0'};
}

Number read_duration(const std::string& text) {
  char* end = nullptr;
  const auto number = std::strtod(text.c_str(), &end);
  return {number, !text.empty() && end != text.c_str() && *end == '\0' && number >= 0};
}

} // namespace

std::string_view refusal_of(std::string_view key, std::string_view value) {
  const std::string text(value);
  if (is_one_of(numbers, key) && !read_integer(text).is_one) {
    return "expected a whole number";
  }
  if (is_one_of(durations, key) && !read_duration(text).is_one) {
    return "expected a number of seconds, without a unit";
  }
  if (is_tls_mode(key) && !is_one_of(tls_modes, lower(value))) {
    return "expected disable, allow, prefer, require, verify-ca or verify-full";
  }
  if (key == "auth_type" && !is_one_of(auth_types, lower(value))) {
    return "expected scram-sha-256, md5, cert, hba, ldap, pam, plain, trust or any";
  }
  return "";
}

bool has_inline_comment(std::string_view value) {
  for (auto at = value.find_first_of(";#"); at != std::string_view::npos;
       at = value.find_first_of(";#", at + 1)) {
    if (at > 0 && (value[at - 1] == ' ' || value[at - 1] == '\t')) {
      return true;
    }
  }
  return false;
}

bool has_inline_comment(std::string_view key, std::string_view value) {
  return !is_one_of(texts, key) && has_inline_comment(value);
}

bool is_same_value(std::string_view key, std::string_view one, std::string_view other) {
  if (one == other) {
    return true;
  }
  const std::string left(one);
  const std::string right(other);
  if (is_one_of(numbers, key) || key == "listen_port") {
    const auto number = read_integer(left);
    return number.is_one && number.value == read_integer(right).value;
  }
  if (is_one_of(durations, key)) {
    const auto number = read_duration(left);
    return number.is_one && number.value == read_duration(right).value;
  }
  const bool is_word = is_tls_mode(key) || key == "auth_type" || key == "pool_mode";
  return is_word && lower(one) == lower(other);
}

} // namespace pgtool
