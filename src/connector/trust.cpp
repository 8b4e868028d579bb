#include "connector/candidate.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace pgtool {
namespace {

// libpq's order, weakest first.
constexpr std::array<std::string_view, 6> tls_levels{"disable", "allow",     "prefer",
                                                     "require", "verify-ca", "verify-full"};

auto tls_level(const Endpoint& endpoint) {
  const auto mode = endpoint.get("sslmode");
  return std::find(tls_levels.begin(), tls_levels.end(), mode.empty() ? "prefer" : mode);
}

bool is_trusted(const Candidate& candidate, const Endpoint& pooled, bool trust_origin) {
  const auto& endpoint = candidate.endpoint;
  const bool strong_tls =
      endpoint.get("sslmode") == "verify-full" && endpoint.get("channel_binding") == "require";
  return candidate.trust != Trust::guessed || trust_origin || strong_tls || endpoint.is_socket() ||
         same_host(endpoint, pooled);
}

bool is_place_keyword(std::string_view keyword) {
  return keyword == "host" || keyword == "hostaddr" || keyword == "port" || keyword == "service" ||
         keyword == "target_session_attrs" || keyword == "application_name";
}

} // namespace

Endpoint complete(Endpoint endpoint, const Endpoint& pooled) {
  const bool same_user = endpoint.user().empty() || endpoint.user() == pooled.user();
  const bool own_tls = !endpoint.get("sslmode").empty();
  for (const auto& [keyword, value] : pooled.parameters) {
    const bool tls = keyword.starts_with("ssl");
    const bool personal =
        keyword == "passfile" || keyword.starts_with("sslcert") || keyword.starts_with("sslkey");
    if (is_place_keyword(keyword) || !endpoint.get(keyword).empty() || (tls && own_tls) ||
        (personal && !same_user)) {
      continue;
    }
    endpoint.set(keyword, value);
  }
  if (endpoint.password.empty() && same_user) {
    endpoint.password = pooled.password;
  }
  if (endpoint.host().empty() && endpoint.get("hostaddr").empty() && !pooled.is_socket()) {
    endpoint.set("host", pooled.host());
    endpoint.set("hostaddr", pooled.get("hostaddr"));
  }
  return endpoint;
}

Endpoint as_seen_from_here(Endpoint endpoint, const std::string& seen_there,
                           const Endpoint& pooled) {
  if (!pooled.is_local() && endpoint.is_local()) {
    endpoint.set("host", "");
  }
  if (seen_there.empty() || endpoint.host().empty()) {
    endpoint.set("host", pooled.is_socket() ? "" : pooled.host());
    endpoint.set("hostaddr", pooled.get("hostaddr"));
  }
  return endpoint;
}

std::optional<std::string> why_no_password(const Candidate& candidate, const Endpoint& pooled,
                                           bool trust_origin) {
  const auto& endpoint = candidate.endpoint;
  const bool sends_ours = !endpoint.password.empty() && endpoint.password == pooled.password;
  const bool chosen = candidate.by_user && !sends_ours; // who wrote both knows what he does
  if (chosen || endpoint.is_socket() || endpoint.password.empty()) {
    return std::nullopt;
  }
  if (!endpoint.is_local() && tls_level(endpoint) < tls_level(pooled)) {
    return "its sslmode is weaker than that of the pooled endpoint";
  }
  if (!sends_ours || is_trusted(candidate, pooled, trust_origin)) {
    return std::nullopt;
  }
  return "the host is only a guess, so it is not sent the password of " + pooled.place();
}

void withhold_passfile(Candidate& candidate, const Endpoint& pooled, bool trust_origin) {
  if (!is_trusted(candidate, pooled, trust_origin)) {
    // Below a file there is no file: libpq passes over a passfile that does not exist.
    candidate.endpoint.set("passfile", "/dev/null/none");
  }
}

} // namespace pgtool
