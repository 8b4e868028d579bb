#include "connector/survey_run.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "connector/cure.hpp"
#include "connector/deploy_lock.hpp"
#include "pooler/identify.hpp"
#include "pooler/pool_mode.hpp"

#include <utility>

namespace pgtool {
namespace {

/// A slow relay passes the end of a session on late: a pooler keeps its backend far longer.
constexpr double patience = 3;

} // namespace

/// Where that which was refused stands: a password may come along from the pooled endpoint.
std::string SurveyRun::source_of(const Candidate& candidate, const ConnectFailure& failure) const {
  const bool lent = candidate.endpoint.password == known_.pooled.password;
  return lent && is_about_password(failure.refusal) ? known_.pooled.origin
                                                    : candidate.endpoint.origin;
}

/// What to do about a candidate that did not let us in.
std::string SurveyRun::cure_of(const Tried& tried, const ConnectFailure& failure) const {
  const auto& endpoint = tried.candidate.endpoint;
  if (endpoint.user() != known_.pooled.user() && endpoint.password.empty() &&
      is_about_password(failure.refusal)) {
    return "the pooler logs in there as " + endpoint.user() + ", and nobody told its password: " +
           "write both into the direct URL, or the password into the passfile";
  }
  return cure_for(failure, source_of(tried.candidate, failure));
}

/// What to do about another view of the database.
std::string SurveyRun::cure_of_view() const {
  const auto& behind = pooled_.facts->session_user;
  if (behind != known_.pooled.user()) {
    return "the pooler logs in as " + behind + " whoever asks: write that role and its password " +
           "into the direct URL, or go on as another owner with --accept schema-differs";
  }
  return "make both equal, or go on with --accept schema-differs: migrations may then build every "
         "table a second time, or as another owner";
}

void SurveyRun::take_self(Connection connection, SessionFacts facts, Judgement judgement) {
  auto endpoint = connection.pinned();
  endpoint.set("options", known_.pooled.get("options"));
  endpoint.set("application_name", "pgtool");
  connection.attempt("set application_name = 'pgtool'"); // a backend of our own, as is proved now
  survey_.direct = std::make_shared<DirectRoute>(
      DirectRoute{DirectSession(std::move(connection), std::move(facts)), std::move(endpoint),
                  std::move(judgement.proofs), false, true, ""});
}

void SurveyRun::reject(const Tried& tried, std::string reason, std::string cure, bool reached,
                       std::vector<Proof> proofs) {
  survey_.rejected.push_back({tried.candidate.endpoint, std::move(reason), std::move(cure),
                              tried.candidate.by_user, true, reached, std::move(proofs)});
}

void SurveyRun::judge_tried() {
  for (auto& tried : tried_) {
    if (survey_.direct) {
      return;
    }
    judge(tried);
  }
}

/// Whether the candidate is PostgreSQL itself, as far as it let us in at all.
Judgement SurveyRun::judge_candidate(const Tried& tried) const {
  if (tried.result.connection) {
    return judge_direct(tried.reading.facts, nonce_);
  }
  const auto words = "it refuses our start-up option: " + tried.result.failure.refusal.message;
  return {{{"startup-option", false, words}}, false, "it is not PostgreSQL itself: " + words};
}

void SurveyRun::judge(Tried& tried) {
  const auto& failure = tried.result.failure;
  const bool open = tried.result.connection.has_value();
  if (!open && failure.kind == ConnectFailure::Kind::unusable && tried.candidate.by_user) {
    throw Error(Failure::usage,
                tried.candidate.endpoint.origin + ": " + first_line(failure.refusal.message));
  }
  if (!open && !refuses_startup_options(failure.refusal)) {
    reject(tried, first_line(failure.refusal.message), cure_of(tried, failure), false, {});
    return;
  }
  if (open && tried.reading.refusal) {
    const ConnectFailure unread{ConnectFailure::Kind::refused, *tried.reading.refusal};
    reject(tried, unread.refusal.message, cure_for(unread, source_of(tried.candidate, unread)),
           false, {});
    return;
  }
  auto judgement = judge_candidate(tried);
  if (!judgement.holds) {
    const auto session = prove_session(tried);
    if (!session) {
      reject(tried, judgement.reason, "name the server behind that pooler", true,
             std::move(judgement.proofs));
      return;
    }
    judgement.proofs.push_back(*session);
  }
  const auto facts = tried.reading.facts;
  std::string not_compared;
  if (!prove_same(tried, facts, judgement.proofs, not_compared)) {
    return;
  }
  if (!tried.session_safe && is_place_unseen(judgement)) {
    auto second = connect_side_by_side({tried.candidate.endpoint}, request_.timeout);
    ++candidate_logins_;
    add_ending(judgement, std::move(second.front().connection), *tried.result.connection);
  }
  if (!judgement.holds && !tried.session_safe) {
    reject(tried, judgement.reason, "name the server behind that pooler", true,
           std::move(judgement.proofs));
  } else {
    accept(tried, facts, std::move(judgement.proofs), std::move(not_compared));
  }
}

/// Adds the proof that stands in for an unseen port. It has to hold: what cannot be seen is not
/// proved.
void SurveyRun::add_ending(Judgement& judgement, std::optional<Connection> ending,
                           Connection& watcher) {
  judgement.proofs.push_back(prove_ending(std::move(ending), watcher, patience));
  if (judgement.proofs.back().holds != true) {
    judgement.holds = false;
    judgement.reason = "it is not PostgreSQL itself: " + judgement.proofs.back().observed;
  }
}

/// Where a rule knows the host, or on --accept session: a proxy that keeps each client on one
/// server session for life will do. The candidate's session is opened anew, since the proxy may
/// have refused our option.
std::optional<Proof> SurveyRun::prove_session(Tried& tried) {
  const bool accepted = request_.accept_session && tried.candidate.by_user;
  if (!accepted && !tried.candidate.keeps_sessions) {
    return std::nullopt;
  }
  auto endpoint = tried.candidate.endpoint;
  endpoint.set("application_name", "pgtool");
  auto opened = connect_side_by_side({endpoint, endpoint}, request_.timeout);
  if (!opened[0].connection || !opened[1].connection) {
    return std::nullopt;
  }
  const auto mode = probe_pool_mode(*opened[0].connection, *opened[1].connection);
  auto reading = read_session_facts({&*opened[0].connection}).front();
  if (mode.mode != "session" || reading.refusal) {
    return std::nullopt;
  }
  tried.session_safe = true;
  tried.reading = std::move(reading);
  tried.result.connection = std::move(opened[0].connection);
  return Proof{"session-safe", true, mode.evidence};
}

bool SurveyRun::reopen_pooled() {
  auto again = connect_side_by_side({pooled_.session->endpoint()}, request_.timeout);
  pooled_.session = std::move(again.front().connection);
  return pooled_.session.has_value();
}

bool SurveyRun::prove_same(Tried& tried, const SessionFacts& facts, std::vector<Proof>& proofs,
                           std::string& not_compared) {
  auto& pooled = pooled_.session;
  if (pooled && !pooled->alive()) {
    reopen_pooled();
  }
  if (!pooled || !pooled_.facts) {
    not_compared = pooled_.failure ? first_line(pooled_.failure->refusal.message)
                                   : "the pooled session was lost";
    if (facts.standby) {
      reject(tried, "it is a standby, nothing can be migrated there",
             "name the primary in the direct URL", true, std::move(proofs));
      return false;
    }
    const bool named = tried.candidate.by_user ||
                       (request_.accept_uncompared && tried.candidate.trust != Trust::guessed &&
                        !tried.candidate.is_found);
    if (!named) {
      reject(tried, "it cannot be compared with the pooled endpoint: " + not_compared,
             "name it with --direct-url when you are sure of it", true, std::move(proofs));
    }
    return named;
  }
  auto place = judge_same_place(*pooled, *pooled_.facts, *tried.result.connection, facts);
  // A pooler whose server was restarted gives its next client a session that is dead.
  if (!place.holds && !pooled->alive() && reopen_pooled()) {
    place = judge_same_place(*pooled, *pooled_.facts, *tried.result.connection, facts);
  }
  proofs.insert(proofs.end(), place.proofs.begin(), place.proofs.end());
  if (!place.holds) {
    reject(tried, place.reason,
           facts.standby ? "name the primary in the direct URL"
                         : "name the server and database that the pooler leads to",
           true, std::move(proofs));
    return false;
  }
  const auto view = judge_same_view(*pooled_.facts, facts);
  proofs.insert(proofs.end(), view.proofs.begin(), view.proofs.end());
  if (!view.holds && !request_.accept_schema_differs) {
    reject(tried, "it shows another view of the database: " + view.reason, cure_of_view(), true,
           std::move(proofs));
    // A move to another schema changes the view for a while, and holds the deploy lock meanwhile.
    survey_.rejected.back().deploy = deploy_at_work(*tried.result.connection);
    return false;
  }
  return true;
}

void SurveyRun::accept(Tried& tried, SessionFacts facts, std::vector<Proof> proofs,
                       std::string not_compared) {
  auto endpoint = tried.result.connection->pinned();
  endpoint.set("options", tried.candidate.endpoint.get("options"));
  if (tried.candidate.password_computed) {
    endpoint.password = known_.pooled.password; // Django's engine computes its own again
  }
  survey_.direct = std::make_shared<DirectRoute>(DirectRoute{
      DirectSession(std::move(*tried.result.connection), std::move(facts)), std::move(endpoint),
      std::move(proofs), tried.session_safe, false, std::move(not_compared)});
}

} // namespace pgtool
