#include "commands/alias_survey.hpp"

#include "pg/conninfo.hpp"

#include <algorithm>

namespace pgtool {
namespace {

bool accepts(const ConnectOptions& options, const char* what) {
  return std::find(options.accept.begin(), options.accept.end(), what) != options.accept.end();
}

SurveyRequest common_request(const ConnectOptions& options) {
  SurveyRequest request;
  request.timeout = options.timeout;
  request.trust_origin = options.trust_origin;
  request.accept_session = accepts(options, "session");
  request.accept_schema_differs = accepts(options, "schema-differs");
  return request;
}

void add_consoles(SurveyRequest& request, const std::vector<std::string>& urls) {
  for (const auto& url : urls) {
    auto console = complete(parse_conninfo(url, "--console-url"), request.known.pooled);
    console.set("options", "");
    if (parse_conninfo(url, "--console-url").database().empty()) {
      console.set("dbname", "pgbouncer");
    }
    request.consoles.push_back(std::move(console));
  }
}

const AliasOptions* file_options(const ConnectOptions& options, const std::string& alias) {
  const auto found = options.aliases.find(alias);
  return found != options.aliases.end() ? &found->second : nullptr;
}

/// What was said for this alias: the command line and the environment speak of --database's only.
struct Said {
  std::string pooled;
  std::string pooled_origin;
  std::string direct;
  std::string direct_origin;
  std::vector<std::string> consoles;
};

Said said_for(const ConnectOptions& options, const std::string& alias) {
  Said said;
  if (const auto* file = file_options(options, alias)) {
    const auto key = "databases." + alias;
    said = {file->pooled, key + ".pooled of pgtool.yaml", file->direct,
            key + ".direct of pgtool.yaml", file->console};
  }
  if (alias != options.database) {
    return said;
  }
  if (!options.pooled_url.empty()) {
    said.pooled = options.pooled_url;
    said.pooled_origin = options.pooled_url_origin;
  }
  if (!options.direct_url.empty()) {
    said.direct = options.direct_url;
    said.direct_origin = options.direct_url_origin;
  }
  if (!options.console_urls.empty()) {
    said.consoles = options.console_urls;
  }
  return said;
}

} // namespace

SurveyRequest survey_request(const ConnectOptions& options, const Alias& alias,
                             const ProjectLink& link, const Environment& own) {
  auto request = common_request(options);
  const auto said = said_for(options, alias.name);
  request.known.pooled = alias.endpoint;
  if (!said.pooled.empty()) {
    request.known.pooled =
        resolve(complete(parse_conninfo(said.pooled, said.pooled_origin), alias.endpoint), own);
  }
  if (!said.direct.empty()) {
    request.known.named = parse_conninfo(said.direct, said.direct_origin);
  }
  for (const auto& other : link.settings.aliases) {
    if (other.name != alias.name && other.is_postgresql() && other.error.empty() &&
        !same_place(other.endpoint, alias.endpoint)) {
      request.known.other_aliases.push_back(other.endpoint);
    }
  }
  request.known.environment = link.settings.environment;
  request.known.configs = link.configs.poolers;
  add_consoles(request, said.consoles);
  return request;
}

SurveyRequest survey_request(const CommonOptions& common, const Context& context) {
  const auto& options = common.connect;
  const auto& own = context.environment;
  auto request = common_request(options);
  request.known.pooled =
      resolve(parse_conninfo(options.pooled_url, options.pooled_url_origin), own);
  if (!options.direct_url.empty()) {
    request.known.named = parse_conninfo(options.direct_url, options.direct_url_origin);
  }
  request.known.environment = own;
  request.known.configs = pooler_configs(common, context).poolers;
  add_consoles(request, options.console_urls);
  return request;
}

} // namespace pgtool
