#include "connector/provider_rules.hpp"

#include "base/text.hpp"

#include <array>
#include <optional>
#include <string_view>

namespace pgtool {
namespace {

/// One naming rule. A `*` in the pooled host stands for one or more characters, the first one for
/// as few as will do; {1}, {2} are what they stood for. Where the pooler's user has an addition
/// behind a mark, the role is what stands before it, and {ref} the addition.
struct Rule {
  const char* provider;
  const char* pooled_host;
  const char* pooled_port; ///< "" for any
  const char* direct_host; ///< "" for the same
  const char* direct_port; ///< "" for the same
  const char* user;        ///< what stands between role and addition in the pooler's user, or ""
  bool keeps_sessions;     ///< the direct host is a proxy that keeps a session for each client
};

// From the providers' documentation and charts (facts: poolers §1.4). The first that fits is the
// best; more than one may.
constexpr std::array rules{
    Rule{"Neon", "*-pooler.*.neon.tech", "", "{1}.{2}.neon.tech", "", "", true},
    Rule{"Supabase", "*.pooler.supabase.com", "", "db.{ref}.supabase.co", "5432", ".", false},
    Rule{"Supabase (its session port)", "*.pooler.supabase.com", "6543", "", "5432", "", true},
    Rule{"Supabase", "db.*.supabase.co", "6543", "", "5432", "", false},
    Rule{"DigitalOcean", "*.db.ondigitalocean.com", "25061", "", "25060", "", false},
    Rule{"Azure", "*.postgres.database.azure.com", "6432", "", "5432", "", false},
    Rule{"Crunchy Bridge", "*.db.postgresbridge.com", "5431", "", "5432", "", false},
    Rule{"PlanetScale", "*.psdb.cloud", "6432", "", "5432", "|", false},
    Rule{"Fly", "pgbouncer.*.flympg.net", "", "direct.{1}.flympg.net", "", "", false},
    Rule{"Heroku", "*.amazonaws.com", "5433", "", "5432", "", false},
    Rule{"CloudNativePG", "*-pooler-rw", "", "{1}-rw", "5432", "", false},
    Rule{"Zalando", "*-pooler-repl", "", "{1}-repl", "5432", "", false},
    Rule{"Zalando", "*-pooler", "", "{1}", "5432", "", false},
    Rule{"Crunchy", "*-pgbouncer", "", "{1}-primary", "5432", "", false},
    // PgBouncer's own port, on the server's host: AlloyDB, Cloud SQL and most of what one sets up
    // oneself.
    Rule{"PgBouncer's port", "*", "6432", "", "5432", "", false},
};

using Stars = std::vector<std::string>;

/// What the stars of a pattern stood for; nullopt when the text does not fit.
std::optional<Stars> fit(std::string_view pattern, std::string_view text) {
  const auto star = pattern.find('*');
  if (star == std::string_view::npos) {
    return pattern == text ? std::optional(Stars{}) : std::nullopt;
  }
  if (!text.starts_with(pattern.substr(0, star))) {
    return std::nullopt;
  }
  text.remove_prefix(star);
  for (std::size_t length = 1; length <= text.size(); ++length) {
    if (auto rest = fit(pattern.substr(star + 1), text.substr(length))) {
      rest->insert(rest->begin(), std::string(text.substr(0, length)));
      return rest;
    }
  }
  return std::nullopt;
}

/// A name inside a Kubernetes cluster goes on with its namespace: the rule is about the first
/// label.
struct Host {
  std::string name;
  std::string tail; ///< with its dot; "" unless the rule speaks of a bare label
};

bool is_cluster_tail(std::string_view tail) {
  const auto dots = split(tail, '.').size() - 1;
  return tail.empty() || dots == 1 || tail.ends_with(".svc") ||
         tail.find(".svc.") != std::string_view::npos;
}

Host taken_apart(const std::string& host, const Rule& rule) {
  const std::string_view pattern = rule.pooled_host;
  const auto dot = host.find('.');
  if (pattern == "*" || pattern.find('.') != std::string_view::npos || dot == std::string::npos) {
    return {host, ""};
  }
  return {host.substr(0, dot), host.substr(dot)};
}

std::string filled(std::string text, const Stars& stars, const std::string& ref) {
  const auto put = [&text](const std::string& mark, const std::string& value) {
    if (const auto at = text.find(mark); at != std::string::npos) {
      text.replace(at, mark.size(), value);
    }
  };
  for (std::size_t i = 0; i < stars.size(); ++i) {
    put("{" + std::to_string(i + 1) + "}", stars[i]);
  }
  put("{ref}", ref);
  return text;
}

/// Everything behind the first label, when that is a domain that somebody registered.
std::string domain_of(const std::string& host) {
  const auto dot = host.find('.');
  const auto domain = dot == std::string::npos ? "" : host.substr(dot + 1);
  return domain.find('.') == std::string::npos ? "" : domain;
}

std::optional<RuledEndpoint> apply(const Rule& rule, const Endpoint& pooled) {
  const auto host = taken_apart(lower(pooled.host()), rule);
  const auto stars = fit(rule.pooled_host, host.name);
  const bool port_fits = *rule.pooled_port == '\0' || pooled.port() == rule.pooled_port;
  if (!stars || !port_fits || pooled.is_socket() || !is_cluster_tail(host.tail)) {
    return std::nullopt;
  }
  RuledEndpoint found;
  const auto mark = *rule.user == '\0' ? std::string::npos : pooled.user().rfind(rule.user);
  const bool wants_ref = std::string_view(rule.direct_host).find("{ref}") != std::string_view::npos;
  if (wants_ref && mark == std::string::npos) {
    return std::nullopt;
  }
  if (mark != std::string::npos) {
    found.endpoint.set("user", pooled.user().substr(0, mark));
  }
  const auto ref = mark == std::string::npos ? "" : pooled.user().substr(mark + 1);
  const auto name = *rule.direct_host == '\0' ? host.name : filled(rule.direct_host, *stars, ref);
  found.endpoint.set("host", name + host.tail);
  found.endpoint.set("port", *rule.direct_port == '\0' ? pooled.port() : rule.direct_port);
  found.endpoint.origin = std::string("the naming rule of ") + rule.provider;
  const auto domain = domain_of(name + host.tail);
  found.same_domain = !domain.empty() && domain == domain_of(host.name + host.tail);
  found.keeps_sessions = rule.keeps_sessions;
  return found;
}

} // namespace

std::vector<RuledEndpoint> ruled_endpoints(const Endpoint& pooled) {
  std::vector<RuledEndpoint> found;
  for (const auto& rule : rules) {
    if (auto one = apply(rule, pooled)) {
      found.push_back(std::move(*one));
    }
  }
  return found;
}

bool is_known_to_keep_sessions(const Endpoint& endpoint) {
  const auto host = lower(endpoint.host());
  const auto label = host.substr(0, host.find('.'));
  const bool neon = host.ends_with(".neon.tech") && !label.ends_with("-pooler");
  const bool supabase = host.ends_with(".pooler.supabase.com") && endpoint.port() == "5432";
  return neon || supabase;
}

} // namespace pgtool
