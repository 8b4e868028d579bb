#pragma once

#include "base/environment.hpp"
#include "model/endpoint.hpp"
#include "pg/session_facts.hpp"
#include "pooler/config/pooler_config.hpp"
#include "pooler/console.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pgtool {

/// How far a candidate's origin is trusted with a password (design: "Who may be sent a password").
enum class Trust {
  named,      ///< a flag, PGTOOL_*, pgtool.yaml, a Django alias, the pooler's own configuration
  ruled,      ///< a provider's rule, within one registered domain
  own_secret, ///< the place that named the host named this very password, too
  guessed     ///< anything else: only a host that already holds the secret, or strong TLS
};

/// An endpoint that may be the direct one. Nothing is believed before it is proved.
struct Candidate {
  Endpoint endpoint; ///< complete: what was not said is filled in from the pooled endpoint
  Trust trust = Trust::guessed;
  bool by_user = false;           ///< named for this very purpose: no other candidate is tried then
  bool database_given = false;    ///< its database name was said, not filled in
  bool password_computed = false; ///< by the project, for this very endpoint
  bool is_found = false;          ///< found where it was put for another purpose, or guessed
  bool keeps_sessions = false;    ///< a rule knows it for a proxy that keeps a session per client
};

/// What is known of one alias when candidates are collected.
struct Known {
  Endpoint pooled;
  std::optional<Endpoint> named; ///< from --direct-url, PGTOOL_DIRECT_URL or pgtool.yaml
  std::optional<Endpoint>
      proved; ///< the server behind the same pooler, for another alias: its place
  std::vector<Endpoint> other_aliases;
  Environment environment;           ///< the project's
  std::vector<PoolerConfig> configs; ///< what was found of the pooler's configuration
  std::optional<SessionFacts> facts; ///< through the pool
  std::optional<ConsoleDatabase> console;
};

/// When a source can be asked: some need what the sessions through the pool have shown.
enum class Moment { before_connecting, after_connecting };

/// All candidates of one moment, best origin first, without the pooled endpoint itself. A new
/// source is one row in the table of candidate_sources.cpp. Words that are no endpoint go to
/// `refused`.
std::vector<Candidate> candidates(const Known& known, Moment moment,
                                  std::vector<std::string>& refused);

/// Names of the variables that the sources read: what the project is asked for.
std::vector<std::string> candidate_variables();

/// Why this candidate may not be sent the password that it would be sent; nullopt when it may.
std::optional<std::string> why_no_password(const Candidate& candidate, const Endpoint& pooled,
                                           bool trust_origin);

/// Keeps libpq from taking a password for a guessed host out of a passfile: a line for `*` would
/// fit.
void withhold_passfile(Candidate& candidate, const Endpoint& pooled, bool trust_origin);

/// The server as it is reached from here, when a configuration or the pooler itself tells a place
/// of its own: a socket or a loopback address is the pooler's machine, which need not be ours.
Endpoint as_seen_from_here(Endpoint endpoint, const std::string& seen_there,
                           const Endpoint& pooled);

/// The candidate's endpoint with everything that it does not say itself from the pooled one. A
/// password goes along only for the same user.
Endpoint complete(Endpoint endpoint, const Endpoint& pooled);

} // namespace pgtool
