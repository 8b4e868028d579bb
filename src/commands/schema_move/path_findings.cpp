#include "commands/schema_move/findings.hpp"

#include "base/text.hpp"
#include "commands/schema_move/settings_lines.hpp"
#include "pg/connect.hpp"
#include "sql/quote.hpp"
#include "sql/startup_options.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace pgtool {
namespace {

/// The search_path in `-c search_path=…` of libpq's options; nullopt when there is none.
std::optional<std::string> path_option(const std::string& options) {
  std::optional<std::string> path;
  for (auto& [name, value] : startup_settings(options)) {
    if (name == "search_path") {
      path = std::move(value);
    }
  }
  return path;
}

/// Whether such a path would find objects before and after they have moved.
bool serves(const MoveScene& scene, const std::string& setting, const std::string& role) {
  const auto path = parse_search_path(setting).value_or(SearchPath{});
  return leads_to(path, scene.plan.emptied(), role) && leads_to(path, scene.plan.filled(), role);
}

/// Where it stands in the settings, and what is to be taken out there.
void add_lines(const MoveScene& scene, Finding& finding) {
  const auto& folder = scene.options.common.project.dir;
  const auto lines =
      scene.ground.settings_module.empty()
          ? std::vector<SettingsLine>{}
          : find_settings_lines(folder.empty() ? "." : folder, scene.ground.settings_module);
  if (lines.empty()) {
    return;
  }
  finding.where.file = lines.front().file;
  finding.where.line = lines.front().line;
  if (const auto diff = diff_of(lines); !diff.empty()) {
    finding.remedy = diff;
  }
}

void add_option(const MoveScene& scene, const MoveAlias& alias, const std::string& options,
                const std::string& where, Findings& findings) {
  const auto path = path_option(options);
  if (!path) {
    return;
  }
  const bool served = serves(scene, *path, alias.role);
  findings.push_back(
      {.rule = "path-set-by-client",
       .severity = served ? Severity::warning : Severity::error,
       .message = fmt::format("{} sets search_path to {} by itself: that wins over the role's path "
                              "wherever the pooler lets it through",
                              where, *path),
       .where = {.object = alias.name},
       .detail = served ? "it leads to both schemas, so the move itself breaks nothing" : "",
       .remedy = "remove this from it: -c search_path=" + *path});
  add_lines(scene, findings.back());
}

/// What a session through the pooler has right after it was opened.
void add_pooled_session(const MoveScene& scene, const MoveAlias& alias, Findings& findings) {
  auto endpoint = alias.request.known.pooled;
  endpoint.set("application_name", ""); // the pooler would leave ours on its server
  endpoint.set("options", "");
  auto opened = std::move(connect_side_by_side({endpoint}, alias.request.timeout).front());
  if (!opened.connection) {
    return;
  }
  opened.connection->set_time_limit(alias.request.timeout);
  const auto seen = opened.connection->attempt(
      "select setting, source from pg_settings where name = 'search_path'");
  if (!seen.ok() || seen.rows.size() == 0) {
    return;
  }
  const auto source = seen.rows.text(0, "source");
  const auto path = seen.rows.text(0, "setting");
  if ((source == "session" || source == "client") && !serves(scene, path, alias.role)) {
    findings.push_back(
        {.rule = "path-set-by-pooler",
         .severity = Severity::error,
         .message =
             fmt::format("a session through the pooler ({}) starts with search_path {} that "
                         "was set by {}, not with the path of role {}",
                         alias.request.known.pooled.place(), path,
                         source == "session" ? "a statement" : "a start-up parameter", alias.role),
         .remedy = source == "session"
                       ? "look for connect_query in the pooler's configuration, and for SET "
                         "search_path in the application: a transaction pooler hands it on"
                       : "look for search_path in the pooler's configuration"});
  }
}

void add_unseen(const MoveScene& scene, Findings& findings) {
  for (const auto& role : scene.plan.roles) {
    const bool by_server = !role.old_setting && !scene.settings.at(role.role, true) &&
                           !scene.settings.at(role.role, false) && !scene.settings.at("", false) &&
                           !scene.settings.at("", true);
    if (scene.server_path_assumed && by_server) {
      findings.push_back(
          {.rule = "path-not-seen",
           .severity = Severity::warning,
           .message = fmt::format("the server's own search_path is hidden behind a setting of this "
                                  "session: {} is taken for it, and for what role {} has now",
                                  search_path_text(role.before), role.role),
           .where = {.object = role.role},
           .remedy =
               "if it is another one, set it on the role first: ALTER ROLE … SET search_path"});
    }
  }
}

/// Whoever uses the objects names their schema then, and does so after the move.
void add_unled(const MoveScene& scene, Findings& findings) {
  const auto& plan = scene.plan;
  const bool led = std::any_of(plan.roles.begin(), plan.roles.end(), [&](const auto& role) {
    return leads_to(role.before, plan.schemas.source, role.role);
  });
  if (!led && !plan.inventory.objects.empty()) {
    findings.push_back(
        {.rule = "no-path-leads-there",
         .severity = Severity::error,
         .message =
             fmt::format("no role's search_path leads to schema {}: whoever uses what is there "
                         "names the schema, and would not find it any more",
                         plan.schemas.source),
         .where = {.object = plan.schemas.source},
         .remedy =
             "put the schema on the role's path and take it out of the application's SQL first"});
  }
}

void add_configured(const MoveScene& scene, Findings& findings) {
  const auto& known = scene.ground.chosen().request.known;
  for (const auto& config : known.configs) {
    for (const auto& database : config.databases) {
      const auto query = database.settings.find("connect_query");
      if (query != database.settings.end() &&
          lower(query->second).find("search_path") != std::string::npos) {
        findings.push_back(
            {.rule = "path-set-by-pooler",
             .severity = Severity::error,
             .message = fmt::format("connect_query of database {} sets search_path on every "
                                    "session of the pooler",
                                    database.name),
             .where = {.file = config.file, .line = database.line, .object = database.name},
             .remedy = "remove it: the role's path takes its place"});
      }
    }
  }
}

} // namespace

Findings path_findings(const MoveScene& scene) {
  Findings findings;
  add_unseen(scene, findings);
  add_unled(scene, findings);
  for (const auto& alias : scene.ground.aliases) {
    add_option(scene, alias, alias.alias.endpoint.get("options"),
               alias.name.empty() ? "the pooled URL" : "OPTIONS of alias '" + alias.name + "'",
               findings);
  }
  const auto options = scene.environment.find("PGOPTIONS");
  if (options != scene.environment.end()) {
    add_option(scene, scene.ground.chosen(), options->second,
               "PGOPTIONS of the project's environment", findings);
  }
  if (scene.ground.has_pooler()) {
    const auto before = findings.size();
    add_configured(scene, findings);
    if (findings.size() == before) {
      add_pooled_session(scene, scene.ground.chosen(), findings);
    }
  }
  return findings;
}

} // namespace pgtool
