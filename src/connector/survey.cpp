#include "connector/survey_run.hpp"

#include "connector/cure.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <random>
#include <utility>

namespace pgtool {
namespace {

std::string new_nonce() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}", random(), random());
}

// What one survey may cost the servers and poolers that it looks at.
constexpr int most_logins = 8;
// The pooled endpoint's: plain, with our option, a second client and the console.
constexpr int pooled_logins = 4;

} // namespace

SurveyRun::SurveyRun(const SurveyRequest& request)
    : request_(request), nonce_(new_nonce()), known_(request.known),
      pooled_(request_, known_.pooled, nonce_) {}

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
  finish();
  return std::move(survey_);
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

/// The best ones for which there are logins left, apart from those that are `reserved`.
std::vector<Candidate> SurveyRun::affordable(std::vector<Candidate> found, int reserved) {
  const int left = most_logins - reserved - candidate_logins_;
  const auto most = static_cast<std::size_t>(left > 1 ? left : 1);
  while (found.size() > most) {
    decline(found.back(), fmt::format("it was not tried: {} logins are enough", most_logins),
            "name it with --direct-url when it is the right one");
    found.pop_back();
  }
  return found;
}

/// The candidates of that moment; words that are no endpoint are noted.
std::vector<Candidate> SurveyRun::collect(Moment moment) {
  std::vector<std::string> refused;
  auto found = candidates(known_, moment, refused);
  for (const auto& reason : refused) {
    survey_.unknown.push_back({"a candidate for the direct endpoint", reason, ""});
  }
  return found;
}

void SurveyRun::open_candidates(SideBySide& opening, std::vector<Candidate> found) {
  tried_.clear();
  for (auto& candidate : found) {
    tried_.push_back({std::move(candidate), {}, {}});
  }
  for (std::size_t i = 0; i < tried_.size(); ++i) {
    auto endpoint = with_probe(tried_[i].candidate.endpoint, nonce_);
    endpoint.set("application_name", "pgtool");
    opening.open(std::move(endpoint), [this, i](ConnectResult result) {
      candidate_logins_ += result.answered() ? 1 : 0;
      tried_[i].result = std::move(result);
    });
  }
}

void SurveyRun::first_round() {
  auto found = allowed(collect(Moment::before_connecting));
  SideBySide opening(request_.timeout);
  pooled_.open(opening);
  const int consoles = static_cast<int>(request_.consoles.size());
  // One is kept for the second round: what the server says of itself is often the right one.
  const int reserved = pooled_logins - 1 + std::max(consoles, 1) + 1;
  open_candidates(opening, affordable(std::move(found), reserved));
  opening.run();
  pooled_.ask_consoles();
  read_facts();
  judge_alias();
  read_console_tables();
}

/// Asks all candidates and the pooled session at once.
void SurveyRun::read_facts() {
  std::vector<Connection*> sessions;
  std::vector<SessionReading*> answers;
  for (auto& tried : tried_) {
    if (tried.result.connection) {
      sessions.push_back(&*tried.result.connection);
      answers.push_back(&tried.reading);
    }
  }
  SessionReading of_pooled;
  const bool ask_pooled = pooled_.session && !pooled_.facts;
  if (ask_pooled) {
    sessions.push_back(&*pooled_.session);
    answers.push_back(&of_pooled);
  }
  auto readings = read_session_facts(sessions);
  for (std::size_t i = 0; i < sessions.size(); ++i) {
    *answers[i] = std::move(readings[i]);
  }
  if (ask_pooled) {
    pooled_.note_facts(std::move(of_pooled));
  }
}

/// The pooled endpoint may be PostgreSQL itself.
void SurveyRun::judge_alias() {
  auto reading = pooled_.session ? pooled_.read_probe() : std::nullopt;
  if (!reading) {
    return;
  }
  const bool user_named_another = !tried_.empty() && tried_.front().candidate.by_user &&
                                  !same_place(tried_.front().candidate.endpoint, known_.pooled);
  if (user_named_another) {
    return;
  }
  auto judgement = judge_direct(reading->facts, nonce_);
  if (judgement.holds && is_place_unseen(judgement)) {
    add_ending(judgement, std::exchange(pooled_.session, std::nullopt), *pooled_.probe);
    if (!judgement.holds) {
      pooled_.sighting.backends_stay = judgement.proofs.back().holds == false;
      pooled_.session = std::move(pooled_.probe);
      pooled_.probe.reset();
      pooled_.reopen_second();
    }
  }
  if (judgement.holds) {
    take_self(std::move(*pooled_.probe), std::move(reading->facts), std::move(judgement));
    pooled_.probe.reset();
  }
}

/// After the first login: an entry that stands for any name appears only then.
void SurveyRun::read_console_tables() {
  if (pooled_.console && !survey_.direct) {
    const auto& seen = pooled_.sighting;
    console_ = read_console(*pooled_.console, {seen.console_kind, seen.console_version},
                            known_.pooled.database(), known_.pooled.user(),
                            request_.read_settings ? ConsoleReach::all : ConsoleReach::mode);
  }
}

void SurveyRun::second_round() {
  if (!tried_.empty() && tried_.front().candidate.by_user) {
    return; // the user named one: trying others behind their back would be a guess
  }
  const bool locked_out = pooled_.failure && is_about_password(pooled_.failure->refusal);
  if (!pooled_.console && !locked_out) { // the same password would be refused there, too
    SideBySide opening(request_.timeout);
    pooled_.open_consoles(opening);
    opening.run();
    pooled_.ask_consoles();
    read_console_tables();
  }
  known_.facts = pooled_.facts;
  known_.console = console_.database;
  auto late = collect(Moment::after_connecting);
  // The name of the database behind the pooler's alias is known only now.
  for (const auto& tried : tried_) {
    if (!tried.candidate.database_given && known_.facts &&
        known_.facts->database != tried.candidate.endpoint.database()) {
      late.insert(late.begin(), tried.candidate);
      late.front().endpoint.set("dbname", known_.facts->database);
      late.front().database_given = true;
    }
  }
  SideBySide opening(request_.timeout);
  open_candidates(opening, affordable(allowed(std::move(late)), pooled_.logins));
  opening.run();
  read_facts();
  judge_tried();
}

bool Rejected::is_undecided() const {
  const auto has = [&](std::optional<bool> held) {
    return std::any_of(proofs.begin(), proofs.end(),
                       [&](const auto& proof) { return proof.holds == held; });
  };
  return has(std::nullopt) && !has(false);
}

Survey survey(const SurveyRequest& request) { return SurveyRun(request).run(); }

} // namespace pgtool
