#include "commands/lint/live_database.hpp"

#include "commands/alias_survey.hpp"
#include "commands/migrate/known_relations.hpp"
#include "commands/survey_report.hpp"
#include "commands/surveyed_aliases.hpp"
#include "pg/connect.hpp"

#include <utility>

namespace pgtool {

LiveDatabase LiveDatabase::of_project(const CommonOptions& common, ProjectLink& link,
                                      const Context& context) {
  const auto& alias = chosen_alias(link.settings, common.connect.database);
  auto request = survey_request(common.connect, alias, link, context.environment);
  request.password_for = password_source(link, alias);
  return LiveDatabase(request);
}

LiveDatabase LiveDatabase::of_urls(const CommonOptions& common, const Context& context) {
  auto urls = common;
  auto& connect = urls.connect;
  if (connect.pooled_url.empty()) {
    connect.pooled_url = connect.direct_url;
    connect.pooled_url_origin = connect.direct_url_origin;
  }
  return LiveDatabase(survey_request(urls, context));
}

LiveDatabase::LiveDatabase(const SurveyRequest& request) {
  auto found = survey_of(request, Look::all);
  make_read_only({found});
  survey_ = std::move(found.survey);
  given_ = found.request.known.pooled;
  if (survey_.direct) {
    return;
  }
  const auto refused = why_not_direct(survey_, given_);
  why_not_ = {"the database itself", refused.message, refused.hint};
  if (!survey_.pooled_failure) {
    auto opened = connect_side_by_side({given_}, request.timeout);
    pooled_ = std::move(opened.front().connection);
  }
}

LiveSession LiveDatabase::session() {
  if (survey_.direct) { // one that a proxy keeps for us will do for reading
    auto& proved = survey_.direct->session;
    return {&proved.connection(), names_of_array(proved.facts().schemas)};
  }
  return {pooled_ ? &*pooled_ : nullptr,
          names_of_array(survey_.pooled_facts ? survey_.pooled_facts->schemas : "")};
}

DirectSession* LiveDatabase::direct() {
  return survey_.direct && !survey_.direct->session_safe ? &survey_.direct->session : nullptr;
}

void LiveDatabase::describe(Report& report) const {
  add_route_and_facts(survey_, given_, report);
  if (survey_.direct) {
    report.account.push_back("asked about its tables: " + survey_.direct->endpoint.url());
  } else if (pooled_) {
    report.account.push_back("asked about its tables, through the pooler: " + given_.url() + " (" +
                             why_not_.why + ")");
  }
}

std::string LiveDatabase::pool_mode() const {
  const bool is_unpooled = survey_.direct && survey_.direct->is_pooled_endpoint;
  return is_unpooled ? "none" : survey_.pooler.mode;
}

int LiveDatabase::server_version() const {
  constexpr int per_major = 10000; // as server_version_num counts
  const auto number = survey_.direct         ? survey_.direct->session.facts().server_version_number
                      : survey_.pooled_facts ? survey_.pooled_facts->server_version_number
                                             : 0;
  return number / per_major;
}

} // namespace pgtool
