#include "commands/check.hpp"

#include "base/error.hpp"
#include "commands/alias_survey.hpp"
#include "commands/check/baseline.hpp"
#include "commands/check/examination.hpp"
#include "commands/check/fixing.hpp"
#include "commands/check/verdict.hpp"
#include "commands/project_link.hpp"
#include "commands/survey_report.hpp"

#include <memory>

namespace pgtool {
namespace {

/// The project, whose process waits; null where there is none, or where it does not load, which is
/// told in `unknown`.
std::unique_ptr<ProjectLink> link_of(const CheckOptions& options, const Context& context,
                                     std::vector<Unknown>& unknown) {
  if (!options.common.connect.pooled_url.empty() || !has_project(options.common, context)) {
    return nullptr;
  }
  try {
    return std::make_unique<ProjectLink>(open_project(options.common, context, {"check"}, true));
  } catch (const Error& error) {
    if (error.kind() != Failure::unknown) {
      throw;
    }
    unknown.push_back({"the Django project", error.what(), error.hint()});
    return nullptr;
  }
}

/// What the URLs alone lead to, where there is no project.
std::vector<SurveyedAlias> survey_urls(const CommonOptions& common, const Context& context) {
  const auto& connect = common.connect;
  std::vector<SurveyedAlias> surveyed;
  auto urls = common;
  if (connect.pooled_url.empty() && !connect.direct_url.empty()) {
    urls.connect.pooled_url = connect.direct_url;
    urls.connect.pooled_url_origin = connect.direct_url_origin;
  }
  if (!urls.connect.pooled_url.empty()) {
    surveyed.push_back(survey_of(survey_request(urls, context), Look::all));
  } else if (!connect.console_urls.empty()) {
    urls.connect.pooled_url = connect.console_urls.front();
    urls.connect.pooled_url_origin = "--console-url";
    surveyed.push_back(survey_of_console(survey_request(urls, context)));
  }
  return surveyed;
}

/// Everything but what --fix writes.
Report judged(const CheckOptions& options, const Context& context) {
  if (!options.baseline.empty() && !options.update_baseline) {
    read_baseline(options.baseline); // what is wrong with it is said before anything is looked at
  }
  Report report;
  report.command = "check";
  const auto& connect = options.common.connect;
  const auto link = link_of(options, context, report.unknown);
  std::vector<SurveyedAlias> surveyed;
  if (link) {
    report.findings = unknown_aliases(connect, link->settings);
    expect_alias(*link, connect.database);
    if (!options.offline) {
      surveyed = survey_aliases(connect, *link, connect.database, context, Look::all);
    }
  } else if (!options.offline) {
    surveyed = survey_urls(options.common, context);
  }
  const auto configs = link ? link->configs : pooler_configs(options.common, context);
  const bool is_nothing = configs.poolers.empty() && configs.problems.empty();
  const bool none = !link && surveyed.empty() && report.unknown.empty() && is_nothing;
  if (none && options.require.empty()) {
    throw Error(Failure::usage,
                "nothing to look at: no Django project, no pooler's configuration, no database",
                "name them with --project, --pooler-config, --pooled-url or --console-url");
  }
  if (!surveyed.empty()) {
    const auto& first = surveyed.front();
    add_route_and_facts(first.survey, first.request.known.pooled, report);
  }
  auto examination = examine(options, link.get(), configs, surveyed);
  if (link) {
    stop_project(*link, 0);
  }
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
