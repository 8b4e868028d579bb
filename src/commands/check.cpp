#include "commands/check.hpp"

#include "base/error.hpp"
#include "commands/alias_survey.hpp"
#include "commands/check/examination.hpp"
#include "commands/check/fixing.hpp"
#include "commands/check/verdict.hpp"
#include "commands/project_link.hpp"
#include "commands/survey_report.hpp"

#include <optional>

namespace pgtool {
namespace {

SurveyedAlias surveyed(Alias alias, SurveyRequest request) {
  request.identify = true;
  request.read_settings = true;
  auto found = survey(request);
  return {std::move(alias), std::move(request), std::move(found)};
}

/// Every PostgreSQL alias of the project.
std::vector<SurveyedAlias> survey_aliases(const CheckOptions& options, ProjectLink& link,
                                          const Context& context, std::vector<Unknown>& unknown) {
  std::vector<SurveyedAlias> all;
  for (const auto& alias : link.settings.aliases) {
    if (!alias.error.empty()) {
      unknown.push_back(
          {"alias '" + alias.name + "'", "its parameters cannot be had: " + alias.error, ""});
    } else if (alias.is_postgresql()) {
      auto request = survey_request(options.common.connect, alias, link, context.environment);
      request.password_for = password_source(link, alias);
      all.push_back(surveyed(alias, std::move(request)));
    }
  }
  return all;
}

void tell_unreached(const std::vector<SurveyedAlias>& all, std::vector<Unknown>& unknown) {
  for (const auto& one : all) {
    Report seen;
    add_survey(one.survey, one.request.known.pooled, seen);
    if (one.survey.pooled_failure || !one.survey.direct) {
      unknown.insert(unknown.end(), seen.unknown.begin(), seen.unknown.end());
    }
  }
}

/// Everything but what --fix writes.
Report judged(const CheckOptions& options, const Context& context) {
  Report report;
  report.command = "check";
  std::vector<SurveyedAlias> all;
  const auto& connect = options.common.connect;
  if (!connect.pooled_url.empty() || !has_project(options.common, context)) {
    const auto configs = pooler_configs(options.common, context);
    if (!connect.pooled_url.empty() && !options.offline) {
      all.push_back(surveyed({}, survey_request(options.common, context)));
      tell_unreached(all, report.unknown);
    }
    conclude(options, examine(options, nullptr, configs, all), report);
    return report;
  }
  auto link = open_project(options.common, context, {"check"}, true);
  report.findings = unknown_aliases(connect, link.settings);
  if (!options.offline) {
    all = survey_aliases(options, link, context, report.unknown);
    tell_unreached(all, report.unknown);
  }
  auto examination = examine(options, &link, link.configs, all);
  stop_project(link, 0);
  conclude(options, std::move(examination), report);
  return report;
}

} // namespace

Report run(const CheckOptions& options, const Context& context) {
  auto report = judged(options, context);
  if (options.fix) {
    fix(options, report, context);
    settle(options, report);
  }
  return report;
}

} // namespace pgtool
