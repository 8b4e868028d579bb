#include "connector/pooled_side.hpp"

#include "base/text.hpp"
#include "connector/proofs.hpp"
#include "pooler/identify.hpp"
#include "pooler/kinds/kinds.hpp"

#include <utility>

namespace pgtool {
namespace {

/// PostgreSQL 14 began to report in_hot_standby with each login.
bool should_report_standby(Connection& session) {
  const auto version = session.parameter("server_version").value_or("");
  const auto digits = version.substr(0, version.find_first_not_of("0123456789"));
  return parse_integer(digits).value_or(0) >= 14;
}

Endpoint console_endpoint(Endpoint endpoint) {
  endpoint.set("dbname", "pgbouncer");
  endpoint.set("options", "");
  endpoint.origin = "the pooler's console";
  return endpoint;
}

// Seconds for an answer through the pool: one that needs longer has no server session for us.
constexpr double pooled_patience = 5;

/// It plays our option as SET on a server and takes it back later, which leaves an empty setting
/// there (facts: PgDog 0.1.17): it is not asked for what it would only pretend.
bool plays_options(const Sighting& sighting) { return identify(sighting).kind == "pgdog"; }

} // namespace

Endpoint with_probe(Endpoint endpoint, const std::string& nonce) {
  const auto own = endpoint.get("options");
  endpoint.set("options", own + (own.empty() ? "" : " ") + "-c pgtool.probe=" + nonce);
  return endpoint;
}

PooledSide::PooledSide(const SurveyRequest& request, Endpoint endpoint, const std::string& nonce)
    : request_(request), endpoint_(std::move(endpoint)), nonce_(nonce) {
  // No name of ours: PgBouncer leaves it on the server for every later client that gives none.
  endpoint_.set("application_name", "");
  endpoint_.set("fallback_application_name", "");
  sighting.host = endpoint_.is_socket() ? "" : lower(endpoint_.host());
  sighting.port = endpoint_.port();
}

void PooledSide::count(const ConnectResult& result) { logins += result.answered() ? 1 : 0; }

void PooledSide::open(SideBySide& opening) {
  if (!request_.consoles.empty()) {
    open_consoles(opening);
  }
  if (request_.pooled_failure) {
    failure = request_.pooled_failure;
    consoles_opened_ = true; // its console is down with it
    return;
  }
  open_first(opening);
}

void PooledSide::open_first(SideBySide& opening) {
  opening.open(endpoint_,
               [this, &opening](ConnectResult result) { note_first(opening, std::move(result)); });
}

void PooledSide::note_first(SideBySide& opening, ConnectResult result) {
  count(result);
  if (result.connection) {
    session = std::move(result.connection);
    return follow(opening);
  }
  const bool own_options = !options_refused && !endpoint_.get("options").empty();
  if (own_options && refuses_startup_options(result.failure.refusal)) {
    options_refused = result.failure.refusal;
    endpoint_.set("options", "");
    return open_first(opening);
  }
  failure = result.failure;
  if (result.failure.kind == ConnectFailure::Kind::refused) {
    sighting.login_refusal = result.failure.refusal;
  }
}

/// The login worked: what it shows decides what is worth another one.
void PooledSide::follow(SideBySide& opening) {
  session->set_time_limit(pooled_patience);
  sighting.status_version = session->parameter("pgbouncer.version");
  sighting.status_mode = session->parameter("pgbouncer.pool_mode");
  sighting.foreign_name = session->parameter("application_name").value_or("");
  sighting.standby_unsaid =
      should_report_standby(*session) && !session->parameter("in_hot_standby");
  if (plays_options(sighting)) {
    open_second(opening);
  } else {
    open_probe(opening);
  }
  if (request_.identify && wants_console()) {
    open_consoles(opening);
  }
}

void PooledSide::open_probe(SideBySide& opening) {
  opening.open(with_probe(endpoint_, nonce_),
               [this, &opening](ConnectResult result) { note_probe(opening, std::move(result)); });
}

void PooledSide::note_probe(SideBySide& opening, ConnectResult result) {
  count(result);
  if (result.connection) {
    probe = std::move(result.connection);
    return;
  }
  if (refuses_startup_options(result.failure.refusal)) {
    sighting.echo = OptionEcho::refused;
    sighting.option_refusal = result.failure.refusal;
  }
  if (result.failure.kind == ConnectFailure::Kind::refused) {
    open_second(opening);
  }
}

/// Only where the session with our option cannot be the second client itself.
void PooledSide::open_second(SideBySide& opening) {
  if (!request_.identify || !request_.probe_mode || sighting.status_mode) {
    return;
  }
  opening.open(endpoint_, [this](ConnectResult result) {
    count(result);
    second = std::move(result.connection);
  });
}

void PooledSide::reopen_second() {
  SideBySide opening(request_.timeout);
  open_second(opening);
  opening.run();
}

/// Whoever is known for certain not to be PgBouncer is not asked for PgBouncer's console.
bool PooledSide::wants_console() const {
  const auto report = identify(sighting);
  return report.kind == "pgbouncer" || report.confidence != "certain";
}

void PooledSide::open_consoles(SideBySide& opening) {
  if (std::exchange(consoles_opened_, true)) {
    return;
  }
  const auto endpoints =
      request_.consoles.empty() ? std::vector{console_endpoint(endpoint_)} : request_.consoles;
  for (const auto& endpoint : endpoints) {
    opening.open(endpoint, [this](ConnectResult result) { note_console(std::move(result)); });
  }
}

void PooledSide::note_console(ConnectResult result) {
  count(result);
  if (!result.connection) {
    if (result.failure.kind == ConnectFailure::Kind::refused) {
      sighting.console_refusal = result.failure.refusal;
    }
    return;
  }
  maybe_consoles_.push_back(std::move(*result.connection));
}

void PooledSide::ask_consoles() {
  for (auto& opened : std::exchange(maybe_consoles_, {})) {
    opened.set_time_limit(request_.timeout);
    const auto identity = ask_console(opened);
    if (!identity || console) {
      continue; // an ordinary database that happens to have this name, or one process is enough
    }
    sighting.console_kind = identity->kind;
    sighting.console_version = identity->version;
    console = std::move(opened);
  }
}

void PooledSide::note_facts(SessionReading reading) {
  if (reading.refusal) {
    failure = ConnectFailure{ConnectFailure::Kind::refused, *reading.refusal};
    session.reset();
    return;
  }
  facts = std::move(reading.facts);
  sighting.pid_matches = facts->key_pid == facts->server_pid;
  sighting.port_matches = facts->socket || facts->local_port == facts->seen_port;
  sighting.backend_older = backend_is_older(*facts);
  sighting.pgpool_version = facts->pgpool_version;
}

/// What is asked only of a pooler that has not made itself known: an error everywhere but on pgcat.
void PooledSide::ask_shard() {
  if (request_.identify && session && shows_a_pooler(sighting) &&
      identify(sighting).confidence == "likely") {
    sighting.answers_shard = session->attempt("show shard").ok();
  }
}

/// As far as the first session shows.
bool PooledSide::may_be_direct() const {
  return sighting.pid_matches != false && !sighting.backend_older &&
         sighting.pgpool_version.empty() && !sighting.status_version;
}

void PooledSide::note_echo(const std::optional<std::string>& echo) {
  sighting.echo = echo == nonce_ ? OptionEcho::echoed : OptionEcho::dropped;
}

void PooledSide::read_echo() {
  // In session mode with a pool of one this one waits for the first: that is no reason to wait.
  probe->set_time_limit(request_.timeout);
  const auto answer = probe->attempt("select current_setting('pgtool.probe', true) as echo");
  if (answer.ok()) {
    note_echo(answer.rows.at(0, "echo"));
  } else {
    probe.reset();
  }
}

std::optional<SessionReading> PooledSide::read_probe() {
  if (probe && may_be_direct()) {
    auto reading = read_session_facts({&*probe}).front();
    if (!reading.refusal) {
      note_echo(reading.facts.echo);
      return reading;
    }
    probe.reset();
  }
  if (probe) {
    read_echo();
  }
  ask_shard();
  return std::nullopt;
}

} // namespace pgtool
