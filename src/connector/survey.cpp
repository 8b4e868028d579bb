#include "connector/survey_run.hpp"

#include "pooler/identify.hpp"
#include "pooler/pool_mode.hpp"

#include <fmt/core.h>
#include <random>

namespace pgtool {
namespace {

std::string new_nonce() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}", random(), random());
}

} // namespace

SurveyRun::SurveyRun(const SurveyRequest& request)
    : request_(request), nonce_(new_nonce()), known_(request.known) {
  // Sessions of pgtool are recognisable in pg_stat_activity and in the pooler's SHOW CLIENTS.
  known_.pooled.set("application_name", "pgtool");
  known_.pooled.set("fallback_application_name", "");
}

Survey SurveyRun::run() {
  first_round();
  if (!survey_.direct) {
    if (request_.identify) {
      find_mode();
    }
    judge_tried();
  }
  if (!survey_.direct) {
    second_round();
  }
  finish_identity();
  return std::move(survey_);
}

Endpoint SurveyRun::probed(Endpoint endpoint) const {
  const auto own = endpoint.get("options");
  endpoint.set("application_name", "pgtool");
  endpoint.set("options", own + (own.empty() ? "" : " ") + "-c pgtool.probe=" + nonce_);
  return endpoint;
}

Endpoint SurveyRun::console_endpoint() const {
  Endpoint console = known_.pooled;
  console.set("dbname", "pgbouncer");
  console.set("options", "");
  console.origin = "the pooler's console";
  return console;
}

std::vector<Endpoint> SurveyRun::console_endpoints() const {
  return request_.consoles.empty() ? std::vector{console_endpoint()} : request_.consoles;
}

void SurveyRun::decline(const Candidate& candidate, std::string reason, std::string cure) {
  survey_.rejected.push_back({candidate.endpoint, std::move(reason), std::move(cure),
                              candidate.by_user, false, false, std::vector<Proof>{}});
}

/// Where the project computes passwords, the one that a candidate would inherit may be signed for
/// the pooled host alone. Returns what went wrong.
std::string SurveyRun::compute_password(Candidate& candidate) const {
  auto& password = candidate.endpoint.password;
  if (!request_.password_for || !(password.empty() || password == known_.pooled.password)) {
    return "";
  }
  auto computed = request_.password_for(candidate.endpoint);
  password = std::move(computed.password);
  candidate.password_computed = true;
  return computed.error;
}

std::vector<Candidate> SurveyRun::allowed(std::vector<Candidate> found) {
  std::vector<Candidate> kept;
  for (auto& candidate : found) {
    if (const auto why = why_no_password(candidate, known_.pooled, request_.trust_origin)) {
      decline(candidate, *why, "name it with --direct-url, or allow it with --trust-origin");
    } else if (const auto error = compute_password(candidate); !error.empty()) {
      decline(candidate, "the project computes no password for it: " + error,
              "write the password into the direct URL");
    } else {
      withhold_passfile(candidate, known_.pooled, request_.trust_origin);
      kept.push_back(std::move(candidate));
    }
  }
  return kept;
}

void SurveyRun::first_round() {
  std::vector<std::string> refused;
  auto found = allowed(candidates(known_, Moment::before_connecting, refused));
  for (const auto& reason : refused) {
    survey_.unknown.push_back({"a candidate for the direct endpoint", reason, ""});
  }
  std::vector<Endpoint> endpoints;
  if (!request_.pooled_failure) {
    endpoints = {known_.pooled, probed(known_.pooled)};
  }
  const std::size_t first_console = endpoints.size();
  console_tried_ = request_.identify || !request_.consoles.empty();
  const auto consoles = console_tried_ ? console_endpoints() : std::vector<Endpoint>{};
  console_tried_ = console_tried_ || request_.pooled_failure; // its console is down with it
  endpoints.insert(endpoints.end(), consoles.begin(), consoles.end());
  for (const auto& candidate : found) {
    endpoints.push_back(probed(candidate.endpoint));
  }
  const bool wants_second = request_.identify && request_.probe_mode;
  if (wants_second) {
    endpoints.push_back(known_.pooled);
  }
  auto results = connect_side_by_side(endpoints, request_.timeout);
  if (wants_second) {
    second_ = std::move(results.back().connection);
  }
  const std::size_t first_candidate = first_console + consoles.size();
  for (std::size_t i = 0; i < found.size(); ++i) {
    tried_.push_back({std::move(found[i]), std::move(results[first_candidate + i]), {}});
  }
  for (std::size_t i = 0; i < consoles.size(); ++i) {
    note_console(std::move(results[first_console + i]));
  }
  if (request_.pooled_failure) {
    survey_.pooled_failure = request_.pooled_failure;
    read_facts({});
  } else {
    read_pooled(std::move(results[0]), std::move(results[1]));
  }
}

/// The pooled session and the one with our start-up option, and with them all candidates.
void SurveyRun::read_pooled(ConnectResult plain, ConnectResult probe) {
  open_pooled(std::move(plain));
  SessionReading pooled_reading;
  SessionReading probe_reading;
  std::vector<Asked> asked;
  if (pooled_) {
    asked.push_back({&*pooled_, &pooled_reading});
  }
  if (probe.connection) {
    asked.push_back({&*probe.connection, &probe_reading});
  }
  read_facts(std::move(asked));
  if (pooled_) {
    note_pooled_facts(std::move(pooled_reading));
  }
  note_alias_probe(probe, std::move(probe_reading));
}

/// Asks these sessions and those of all candidates at once.
void SurveyRun::read_facts(std::vector<Asked> asked) {
  for (auto& tried : tried_) {
    if (tried.result.connection) {
      asked.push_back({&*tried.result.connection, &tried.reading});
    }
  }
  std::vector<Connection*> sessions;
  for (const auto& one : asked) {
    sessions.push_back(one.session);
  }
  auto readings = read_session_facts(sessions);
  for (std::size_t i = 0; i < asked.size(); ++i) {
    *asked[i].reading = std::move(readings[i]);
  }
}

void SurveyRun::second_round() {
  if (!tried_.empty() && tried_.front().candidate.by_user) {
    return; // the user named one: trying others behind their back would be a guess
  }
  if (!console_tried_) {
    console_tried_ = true;
    for (auto& result : connect_side_by_side(console_endpoints(), request_.timeout)) {
      note_console(std::move(result));
    }
  }
  known_.facts = survey_.pooled_facts;
  known_.console = survey_.console;
  std::vector<std::string> refused;
  auto late = candidates(known_, Moment::after_connecting, refused);
  // The name of the database behind the pooler's alias is known only now.
  for (const auto& tried : tried_) {
    if (!tried.candidate.database_given && known_.facts &&
        known_.facts->database != tried.candidate.endpoint.database()) {
      late.insert(late.begin(), tried.candidate);
      late.front().endpoint.set("dbname", known_.facts->database);
      late.front().database_given = true;
    }
  }
  open_late(allowed(std::move(late)));
}

void SurveyRun::open_late(std::vector<Candidate> late) {
  std::vector<Endpoint> endpoints;
  for (const auto& candidate : late) {
    endpoints.push_back(probed(candidate.endpoint));
  }
  auto results = connect_side_by_side(endpoints, request_.timeout);
  tried_.clear();
  for (std::size_t i = 0; i < late.size(); ++i) {
    tried_.push_back({std::move(late[i]), std::move(results[i]), {}});
  }
  read_facts({});
  judge_tried();
}

void SurveyRun::open_pooled(ConnectResult result) {
  if (!result.connection && refuses_startup_options(result.failure.refusal) &&
      !known_.pooled.get("options").empty()) {
    survey_.options_refused = result.failure.refusal;
    Endpoint plain = known_.pooled;
    plain.set("options", "");
    result = std::move(connect_side_by_side({plain}, request_.timeout).front());
  }
  if (!result.connection) {
    survey_.pooled_failure = result.failure;
    return;
  }
  pooled_ = std::move(result.connection);
}

void SurveyRun::note_pooled_facts(SessionReading reading) {
  if (reading.refusal) {
    survey_.pooled_failure = ConnectFailure{ConnectFailure::Kind::refused, *reading.refusal};
    pooled_.reset();
    return;
  }
  survey_.pooled_facts = std::move(reading.facts);
  const auto& facts = *survey_.pooled_facts;
  sighting_.status_version = pooled_->parameter("pgbouncer.version");
  sighting_.status_mode = pooled_->parameter("pgbouncer.pool_mode");
  sighting_.pid_matches = facts.key_pid == facts.server_pid;
  sighting_.port_matches = facts.socket || facts.local_port == facts.seen_port;
  sighting_.backend_older = backend_is_older(facts);
  sighting_.pgpool_version = facts.pgpool_version;
}

void SurveyRun::note_console(ConnectResult result) {
  if (!result.connection) {
    if (result.failure.kind == ConnectFailure::Kind::refused) {
      sighting_.console_refusal = result.failure.refusal;
    }
    return;
  }
  const auto version = result.connection->parameter("server_version").value_or("");
  if (!version.ends_with("/bouncer")) {
    return; // an ordinary database that happens to have this name
  }
  sighting_.console_version = version;
  if (!survey_.console) {
    survey_.console = console_database(*result.connection, known_.pooled.database());
  }
  if (!console_) {
    console_ = std::move(result.connection);
  }
}

void SurveyRun::note_alias_probe(ConnectResult& probe, SessionReading reading) {
  if (!probe.connection) {
    if (refuses_startup_options(probe.failure.refusal)) {
      sighting_.echo = OptionEcho::refused;
      sighting_.option_refusal = probe.failure.refusal;
    }
    return;
  }
  if (reading.refusal) {
    return;
  }
  sighting_.echo = reading.facts.echo == nonce_ ? OptionEcho::echoed : OptionEcho::dropped;
  auto judgement = judge_direct(reading.facts, nonce_);
  const bool user_named_another = !tried_.empty() && tried_.front().candidate.by_user;
  if (judgement.holds && !user_named_another) {
    take_self(std::move(*probe.connection), std::move(reading.facts), std::move(judgement));
  }
}

Survey survey(const SurveyRequest& request) { return SurveyRun(request).run(); }

} // namespace pgtool
