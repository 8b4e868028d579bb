#include "commands/detect.hpp"

#include "commands/alias_survey.hpp"
#include "commands/project_link.hpp"
#include "commands/survey_report.hpp"

#include <fmt/core.h>

namespace pgtool {
namespace {

struct Looked {
  Endpoint pooled;
  Survey survey;
  std::string alias; ///< "" for bare URLs
  std::vector<Finding> findings;
  bool server_side_cursors = true; ///< as far as is known
};

Survey look(SurveyRequest& request, const DetectOptions& options) {
  request.identify = true;
  request.probe_mode = !options.no_probe;
  return survey(request);
}

Looked look_at_urls(const DetectOptions& options, const Context& context) {
  auto request = survey_request(options.common.connect, context.environment);
  auto found = look(request, options);
  return {std::move(request.known.pooled), std::move(found), "", {}, true};
}

/// The project's process waits meanwhile: it may be asked for passwords that it computes.
Looked look_at_project(const DetectOptions& options, const Context& context) {
  const auto& connect = options.common.connect;
  auto link = open_project(options.common, context, {"check"}, true);
  const auto& alias = chosen_alias(link.settings, connect.database);
  auto request = survey_request(connect, alias, link.settings.aliases, link.settings.environment,
                                context.environment);
  request.password_for = password_source(link, alias);
  auto found = look(request, options);
  link.bridge.reply(link.question, Value::object({{"do", "stop"}, {"status", 0}}));
  return {std::move(request.known.pooled), std::move(found), alias.name,
          unknown_aliases(connect, link.settings), alias.server_side_cursors};
}

std::string meaning(const std::string& mode, bool server_side_cursors) {
  if (mode == "transaction") {
    return std::string("In transaction mode a session's state does not outlive its transaction: ") +
           (server_side_cursors ? "set DISABLE_SERVER_SIDE_CURSORS = True, " : "") +
           "keep search_path and timeouts out of OPTIONS (set "
           "them on the role), and use no session advisory locks, LISTEN or temporary tables.";
  }
  if (mode == "session") {
    return "In session mode Django works unchanged; each open connection holds one of the server, "
           "so CONN_MAX_AGE pins them. Start-up options may still be refused by the pooler.";
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

} // namespace

Report run(const DetectOptions& options, const Context& context) {
  auto [pooled, found, alias, findings, server_side_cursors] =
      options.common.connect.pooled_url.empty() ? look_at_project(options, context)
                                                : look_at_urls(options, context);

  Report report;
  report.command = "detect";
  report.findings = std::move(findings);
  report.status = survey_status(found);
  report.verdict = verdict(found, pooled);
  add_survey(found, pooled, report);
  if (report.status == 0 && !report.unknown.empty()) {
    report.status = 3;
  }
  if (report.status != 0 && !found.direct) {
    const auto refused = why_not_direct(found, pooled);
    report.hint = refused.hint;
  } else {
    report.hint = next_command(found, context);
  }
  auto words = found.pooled_failure ? "" : meaning(found.pooler.mode, server_side_cursors);
  if (!words.empty()) {
    report.advice.push_back(std::move(words));
  }
  report.own = Value::object({{"alias", alias.empty() ? Value() : Value(alias)},
                              {"direct_proved", found.direct != nullptr}});
  return report;
}

} // namespace pgtool
