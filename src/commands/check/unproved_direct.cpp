#include "commands/check/unproved_direct.hpp"

#include "commands/alias_survey.hpp"
#include "commands/survey_report.hpp"

#include <algorithm>
#include <initializer_list>
#include <string_view>

namespace pgtool {
namespace {

/// Whether one of these proofs failed.
bool fails(const Rejected& rejected, std::initializer_list<std::string_view> names) {
  return std::any_of(rejected.proofs.begin(), rejected.proofs.end(), [&](const Proof& proof) {
    return proof.holds == false && std::find(names.begin(), names.end(), proof.name) != names.end();
  });
}

/// A proof of direct that failed: what answered is a pooler, or behind one.
bool shows_a_pooler(const Rejected& rejected) {
  return fails(rejected, {"startup-option", "backend-pid", "backend-age", "peer-process",
                          "no-pgpool", "backend-ends"});
}

} // namespace

std::vector<UnprovedDirect> unproved_direct(const Survey& survey) {
  std::vector<UnprovedDirect> all;
  for (const auto& rejected : survey.rejected) {
    all.push_back({rejected.endpoint.place(), rejected.endpoint.origin, rejected.reason,
                   rejected.cure, rejected.by_user, rejected.reached, shows_a_pooler(rejected),
                   fails(rejected, {"same-schemas", "same-migrations-table"})});
  }
  return all;
}

std::vector<Finding> findings_of_pair(const Survey& survey, const Endpoint& pooled) {
  Report report;
  add_survey(survey, pooled, report);
  // A pooler that logs in as another role does no harm where pgtool does so, too.
  const bool is_same_role =
      survey.direct && survey.pooled_facts &&
      survey.direct->session.facts().session_user == survey.pooled_facts->session_user;
  std::erase_if(report.findings, [&](const Finding& finding) {
    return finding.rule == "startup-options-refused" ||
           (finding.rule == "forced-user" && is_same_role);
  });
  return std::move(report.findings);
}

std::string direct_said(const ConnectOptions& options, const Alias& alias,
                        const ProjectLink& link) {
  std::vector<std::string> refused;
  const auto request = survey_request(options, alias, link, {});
  const auto found = candidates(request.known, Moment::before_connecting, refused);
  return found.empty() ? "" : found.front().endpoint.origin;
}

} // namespace pgtool
