#include "connector/candidate.hpp"

#include "base/error.hpp"
#include "connector/configured_candidates.hpp"
#include "connector/provider_rules.hpp"
#include "pg/conninfo.hpp"

#include <algorithm>
#include <array>

namespace pgtool {
namespace {

using Found = std::vector<Candidate>;

std::string variable(const Known& known, const std::string& name) {
  const auto found = known.environment.find(name);
  return found != known.environment.end() ? found->second : "";
}

Found from_user(const Known& known, std::vector<std::string>&) {
  if (!known.named) {
    return {};
  }
  Candidate candidate{complete(*known.named, known.pooled), Trust::named, true,
                      !known.named->database().empty()};
  candidate.keeps_sessions = is_known_to_keep_sessions(candidate.endpoint);
  return {candidate};
}

Found from_proved(const Known& known, std::vector<std::string>&) {
  if (!known.proved) {
    return {};
  }
  return {{complete(*known.proved, known.pooled), Trust::named, false, false}};
}

Found from_aliases(const Known& known, std::vector<std::string>&) {
  Found found;
  for (const auto& other : known.other_aliases) {
    if (other.database() == known.pooled.database()) {
      found.push_back({complete(other, known.pooled), Trust::named, false, true});
    }
  }
  return found;
}

// Beside DATABASE_CONNECTION_POOL_URL (Heroku), or another name for the pooled one. It is set for
// other purposes, too.
constexpr auto general_url_variable = "DATABASE_URL";
// Names that platforms and templates give to the direct URL (facts: poolers §1.4).
constexpr std::array url_variables{"DIRECT_URL",
                                   "DIRECT_DATABASE_URL",
                                   "DATABASE_URL_UNPOOLED",
                                   "POSTGRES_URL_NON_POOLING",
                                   "DATABASE_UNPOOLED_URL",
                                   "DATABASE_PUBLIC_UNPOOLED_URL",
                                   general_url_variable};
// Families like POSTGRES_HOST, POSTGRES_PORT, POSTGRES_PASSWORD.
constexpr std::array family_prefixes{"POSTGRES", "POSTGRESQL", "DB", "DATABASE"};

Found from_url_variables(const Known& known, std::vector<std::string>& refused) {
  Found found;
  for (const char* name : url_variables) {
    const auto text = variable(known, name);
    if (text.empty()) {
      continue;
    }
    try {
      auto endpoint = parse_conninfo(text, std::string("environment variable ") + name);
      const auto trust = endpoint.password.empty() ? Trust::guessed : Trust::own_secret;
      const bool database_given = !endpoint.database().empty();
      Candidate candidate{complete(endpoint, known.pooled), trust, false, database_given};
      candidate.is_found = std::string_view(name) == general_url_variable;
      found.push_back(std::move(candidate));
    } catch (const Error& error) {
      refused.emplace_back(error.what());
    }
  }
  return found;
}

Found from_host_variables(const Known& known, std::vector<std::string>& refused) {
  Found found;
  for (const std::string prefix : family_prefixes) {
    const auto host = variable(known, prefix + "_HOST");
    if (host.empty()) {
      continue;
    }
    Endpoint endpoint;
    endpoint.origin = "environment variable " + prefix + "_HOST";
    if (!is_plain_host(host)) {
      refused.push_back(endpoint.origin +
                        ": a URL, or a part of one, stands where a host is expected");
      continue;
    }
    endpoint.set("host", host);
    endpoint.set("port", variable(known, prefix + "_PORT"));
    const auto password = variable(known, prefix + "_PASSWORD");
    const bool own_secret = !password.empty() && password == known.pooled.password.reveal();
    found.push_back({complete(endpoint, known.pooled),
                     own_secret ? Trust::own_secret : Trust::guessed, false, false});
  }
  return found;
}

Found from_configs(const Known& known, std::vector<std::string>&) {
  return configured_candidates(known.configs, known.pooled);
}

Found from_rules(const Known& known, std::vector<std::string>&) {
  Found found;
  for (auto& ruled : ruled_endpoints(known.pooled)) {
    Candidate candidate{complete(ruled.endpoint, known.pooled), Trust::guessed, false, false};
    if (!ruled.endpoint.user().empty()) {
      candidate.endpoint.password = known.pooled.password; // the same role under another name
    }
    candidate.trust = ruled.same_domain ? Trust::ruled : Trust::guessed;
    candidate.keeps_sessions = ruled.keeps_sessions;
    candidate.is_found = true;
    found.push_back(std::move(candidate));
  }
  return found;
}

/// A console tells whom the pooler logs in as, but never with which password: the configuration of
/// this very entry may, for the server that it names itself.
Secret known_password(const Known& known) {
  const auto& told = *known.console;
  for (const auto& config : known.configs) {
    const bool fits = fit_of(config, known.pooled) != Fit::none;
    const auto* entry = fits ? config.find(told.name) : nullptr;
    if (entry != nullptr && !told.forced_user.empty() && entry->server.user() == told.forced_user &&
        entry->server.host() == told.host) {
      return entry->server.password;
    }
  }
  return {};
}

Found from_console(const Known& known, std::vector<std::string>&) {
  if (!known.console || !is_plain_host(known.console->host)) {
    return {};
  }
  Endpoint endpoint;
  endpoint.origin = "the pooler's console (SHOW DATABASES)";
  endpoint.set("host", known.console->host);
  endpoint.set("port", known.console->port);
  endpoint.set("dbname", known.console->database);
  endpoint.set("user", known.console->forced_user);
  endpoint.password = known_password(known);
  const auto full =
      as_seen_from_here(complete(endpoint, known.pooled), known.console->host, known.pooled);
  return {{full, Trust::named, false, !known.console->database.empty()}};
}

/// The address as the server sees itself may belong to a network that we are not in.
Found from_server(const Known& known, std::vector<std::string>&) {
  if (!known.facts || known.facts->server_address.find_first_of(",/@") != std::string::npos) {
    return {};
  }
  const auto& facts = *known.facts;
  Endpoint endpoint;
  endpoint.origin = "what the server says of itself through the pool";
  endpoint.set("host", facts.server_address);
  endpoint.set("port", facts.server_port);
  endpoint.set("dbname", facts.database);
  const auto full =
      as_seen_from_here(complete(endpoint, known.pooled), facts.server_address, known.pooled);
  return {{full, Trust::guessed, false, true}};
}

struct Source {
  Moment moment;
  Found (*collect)(const Known&, std::vector<std::string>& refused);
};

// Best first: this order is the order of preference.
constexpr std::array sources{Source{Moment::before_connecting, from_user},
                             Source{Moment::before_connecting, from_proved},
                             Source{Moment::before_connecting, from_aliases},
                             Source{Moment::before_connecting, from_url_variables},
                             Source{Moment::before_connecting, from_host_variables},
                             Source{Moment::before_connecting, from_configs},
                             Source{Moment::before_connecting, from_rules},
                             Source{Moment::after_connecting, from_console},
                             Source{Moment::after_connecting, from_server}};

/// Adds a candidate for a place that is new. For one that is known already the origin counts that
/// may send more: a bare host variable must not hide a file that holds the password.
void add(Found& found, Candidate candidate, const Endpoint& pooled) {
  if (!candidate.by_user && same_place(candidate.endpoint, pooled)) {
    return;
  }
  for (auto& known : found) {
    if (same_place(candidate.endpoint, known.endpoint) &&
        candidate.endpoint.user() == known.endpoint.user()) {
      if (candidate.trust < known.trust) {
        known = std::move(candidate);
      }
      return;
    }
  }
  found.push_back(std::move(candidate));
}

} // namespace

std::vector<Candidate> candidates(const Known& known, Moment moment,
                                  std::vector<std::string>& refused) {
  Found found;
  for (const auto& source : sources) {
    if (source.moment != moment) {
      continue;
    }
    for (auto& candidate : source.collect(known, refused)) {
      add(found, std::move(candidate), known.pooled);
      if (!found.empty() && found.front().by_user) {
        return found;
      }
    }
  }
  return found;
}

std::vector<std::string> candidate_variables() {
  std::vector<std::string> names(url_variables.begin(), url_variables.end());
  for (const std::string prefix : family_prefixes) {
    for (const char* suffix : {"_HOST", "_PORT", "_PASSWORD"}) {
      names.push_back(prefix + suffix);
    }
  }
  return names;
}

} // namespace pgtool
