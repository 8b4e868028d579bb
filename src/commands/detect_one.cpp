#include "commands/detect_one.hpp"

#include "commands/alias_survey.hpp"
#include "commands/survey_report.hpp"

#include <fmt/core.h>

namespace pgtool {
namespace {

/// What the mode means for Django, in a few lines.
std::string meaning(const PoolerReport& pooler, bool server_side_cursors) {
  const auto& mode = pooler.mode;
  if (mode == "transaction") {
    return std::string("In transaction mode a session's state does not outlive its transaction: ") +
           (server_side_cursors ? "set DISABLE_SERVER_SIDE_CURSORS = True, " : "") +
           "keep search_path and timeouts out of OPTIONS (set "
           "them on the role), and use no session advisory locks, LISTEN or temporary tables.";
  }
  if (mode == "session") {
    // Two processes behind one port look the same while they share sessions each for itself.
    const std::string certainty = pooler.mode_confidence == "likely"
                                      ? "It seems to be in session mode, where"
                                      : "In session mode";
    return certainty +
           " Django works unchanged; each open connection holds one of the server, "
           "so CONN_MAX_AGE pins them." +
           std::string(pooler.kind == "pgpool"
                           ? ""
                           : " Start-up options may still be refused by the pooler.");
  }
  if (mode == "statement") {
    return "In statement mode transactions are refused: Django's atomic blocks and migrate cannot "
           "work through this pooler. Use transaction mode.";
  }
  return "";
}

std::string next_command(const Survey& survey, const Context& context) {
  const bool pooled = !survey.direct || !survey.direct->is_pooled_endpoint;
  return std::string("pgtool migrate") + (pooled ? " --direct" : "") + context.project_options;
}

std::string verdict(const Survey& survey, const Endpoint& pooled) {
  if (survey.direct && survey.direct->is_pooled_endpoint) {
    return fmt::format("no pooler: {} is PostgreSQL {} itself",
                       place_words(survey.direct->endpoint),
                       survey.direct->session.facts().server_version);
  }
  const auto pooler = survey.pooled_failure
                          ? unusable_words(survey, pooled)
                          : pooler_words(survey.pooler) + " at " + place_words(pooled);
  if (survey.direct) {
    return fmt::format("{}; {} {}", pooler,
                       survey.direct->session_safe
                           ? "not direct, but one server session for each client at"
                           : "PostgreSQL " + survey.direct->session.facts().server_version +
                                 " itself is at",
                       place_words(survey.direct->endpoint));
  }
  return pooler + "; no direct endpoint is proved";
}

/// Everything that might have been the direct endpoint and was not taken.
Value rejected_of(const Survey& survey) {
  Value rejected = Value::array();
  for (const auto& one : survey.rejected) {
    rejected.add(Value::object({{"endpoint", one.endpoint.url()},
                                {"origin", one.endpoint.origin},
                                {"tried", one.tried},
                                {"reason", one.reason}}));
  }
  return rejected;
}

} // namespace

Report detect_one(const DetectOptions& options, SurveyRequest request, const Alias& alias,
                  const Context& context) {
  request.identify = true;
  request.probe_mode = !options.no_probe;
  const auto found = survey(request);
  const auto& pooled = request.known.pooled;
  Report report;
  report.command = "detect";
  report.status = survey_status(found);
  report.verdict = verdict(found, pooled);
  add_survey(found, pooled, report);
  if (report.status == 0 && !report.unknown.empty()) {
    report.status = 3;
  }
  report.hint = report.status != 0 && !found.direct ? why_not_direct(found, pooled).hint
                                                    : next_command(found, context);
  auto words = found.pooled_failure ? "" : meaning(found.pooler, alias.server_side_cursors);
  if (!words.empty()) {
    report.advice.push_back(std::move(words));
  }
  report.own = Value::object({{"alias", alias.name.empty() ? Value() : Value(alias.name)},
                              {"direct_proved", found.direct != nullptr},
                              {"rejected", rejected_of(found)},
                              {"trouble", found.trouble ? Value(found.trouble->name) : Value()}});
  return report;
}

Report detect_alias(const DetectOptions& options, ProjectLink& link, const Alias& alias,
                    const Context& context) {
  auto request = survey_request(options.common.connect, alias, link, context.environment);
  request.password_for = password_source(link, alias);
  return detect_one(options, std::move(request), alias, context);
}

} // namespace pgtool
