#include "commands/lint/plan_judging.hpp"

#include "commands/lint/migrations.hpp"
#include "commands/migrate/known_relations.hpp"
#include "rules/judge.hpp"

#include <iterator>

namespace pgtool {
namespace {

std::string pool_mode_of(const Deployment& deployment, const std::string& alias) {
  for (const auto& one : deployment.aliases) {
    if (one.alias.name == alias) {
      return one.pool_mode;
    }
  }
  return "unknown";
}

} // namespace

void judge_plan(const Value& judged, SurveyedAlias& alias, Examination& examination) {
  if (const auto error = judged["error"].text(); !error.empty()) {
    examination.unknown.push_back({"the statements of the migrations", error, ""});
    return;
  }
  constexpr int per_major = 10000; // as server_version_num counts
  LintTerms terms;
  terms.pool_mode = pool_mode_of(examination.deployment, alias.alias.name);
  LiveSession live;
  if (alias.survey.direct) {
    auto& session = alias.survey.direct->session;
    terms.server_version = session.facts().server_version_number / per_major;
    live = {&session.connection(), names_of_array(session.facts().schemas)};
  }
  LintSubject subject;
  read_migrations(judged, terms, true, live, Before::all, subject);
  for (const auto& reading : subject.readings) {
    auto findings = judge(reading);
    std::move(findings.begin(), findings.end(), std::back_inserter(examination.findings));
  }
  std::move(subject.unknown.begin(), subject.unknown.end(),
            std::back_inserter(examination.unknown));
}

} // namespace pgtool
