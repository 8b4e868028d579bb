#include "connector/configured_candidates.hpp"

#include <algorithm>

namespace pgtool {
namespace {

/// Whether a client that goes to `pooled` arrives there, as far as the words tell.
bool leads_to(const Endpoint& listen, const Endpoint& pooled) {
  const bool anywhere = is_any_address(listen.host());
  if (listen.port() != pooled.port() || (anywhere && pooled.is_socket())) {
    return false;
  }
  return anywhere || (listen.is_socket() == pooled.is_socket() && same_host(listen, pooled));
}

/// Whoever wrote the password beside the host gives nothing away when it is sent there.
Trust trust_in(const PoolerConfig& config, const ConfiguredDatabase& database, Fit fit,
               const Endpoint& pooled) {
  const bool own_file = config.is_own_file && fit == Fit::exact;
  const auto holds = [&](const std::string& user, const Secret& password) {
    return !password.empty() && password == pooled.password &&
           (user.empty() || user == pooled.user());
  };
  const bool in_logins =
      std::any_of(database.logins.begin(), database.logins.end(),
                  [&](const auto& login) { return holds(login.user, login.password); });
  if (own_file || config.is_named) {
    return Trust::named;
  }
  const auto& server = database.server;
  return in_logins || holds(server.user(), server.password) ? Trust::own_secret : Trust::guessed;
}

} // namespace

Fit fit_of(const PoolerConfig& config, const Endpoint& pooled) {
  if (config.find(pooled.database()) == nullptr) {
    return Fit::none;
  }
  if (config.listens.empty()) {
    return Fit::possible;
  }
  const bool exact = std::any_of(config.listens.begin(), config.listens.end(),
                                 [&](const auto& listen) { return leads_to(listen, pooled); });
  return exact ? Fit::exact : (config.is_named ? Fit::possible : Fit::none);
}

std::vector<Candidate> configured_candidates(const std::vector<PoolerConfig>& configs,
                                             const Endpoint& pooled) {
  std::vector<Candidate> found;
  for (const auto wanted : {Fit::exact, Fit::possible}) {
    for (const auto& config : configs) {
      if (fit_of(config, pooled) != wanted) {
        continue;
      }
      const auto* database = config.find(pooled.database());
      auto places = database->also_at;
      places.insert(places.begin(), database->server);
      for (auto& place : places) {
        const auto seen_there = place.host();
        const bool database_given = !place.database().empty();
        place.origin = config.origin;
        Candidate candidate{as_seen_from_here(complete(place, pooled), seen_there, pooled),
                            trust_in(config, *database, wanted, pooled), false, database_given};
        candidate.is_found = !config.is_named;
        found.push_back(std::move(candidate));
      }
    }
  }
  return found;
}

} // namespace pgtool
