#include "commands/detect.hpp"

#include "commands/alias_survey.hpp"
#include "commands/detect_all.hpp"
#include "commands/detect_one.hpp"
#include "commands/project_link.hpp"
#include "commands/survey_report.hpp"

namespace pgtool {
namespace {

Survey look(SurveyRequest& request, const DetectOptions& options) {
  request.identify = true;
  request.probe_mode = !options.no_probe;
  return survey(request);
}

Report look_at_urls(const DetectOptions& options, const Context& context) {
  auto request = survey_request(options.common, context);
  auto found = look(request, options);
  return report_of({std::move(request.known.pooled), std::move(found)}, context);
}

/// The project's process waits meanwhile: it may be asked for passwords that it computes.
Report look_at_project(const DetectOptions& options, const Context& context) {
  const auto& connect = options.common.connect;
  auto link = open_project(options.common, context, {"check"}, true);
  const auto& alias = chosen_alias(link.settings, connect.database);
  auto request = survey_request(connect, alias, link, context.environment);
  request.password_for = password_source(link, alias);
  auto found = look(request, options);
  link.bridge.reply(link.question, Value::object({{"do", "stop"}, {"status", 0}}));
  auto report = report_of(
      {std::move(request.known.pooled), std::move(found), alias.name, alias.server_side_cursors},
      context);
  auto misspelt = unknown_aliases(connect, link.settings);
  report.findings.insert(report.findings.begin(), misspelt.begin(), misspelt.end());
  return report;
}

} // namespace

Report run(const DetectOptions& options, const Context& context) {
  if (options.all) {
    return detect_all(options, context);
  }
  return options.common.connect.pooled_url.empty() ? look_at_project(options, context)
                                                   : look_at_urls(options, context);
}

} // namespace pgtool
