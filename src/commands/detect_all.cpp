#include "commands/detect_all.hpp"

#include "base/counted.hpp"
#include "base/text.hpp"
#include "commands/detect_one.hpp"
#include "commands/project_link.hpp"
#include "commands/survey_report.hpp"
#include "connector/configured_candidates.hpp"
#include "pooler/identify.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace pgtool {
namespace {

/// The more a status objects, the later it stands here; anything else is worst of all.
int worse(int one, int other) {
  constexpr int order[] = {0, 1, 3};
  const auto rank = [&](int status) { return std::find(order, order + 3, status) - order; };
  return rank(one) >= rank(other) ? one : other;
}

Report part_of_alias(const DetectOptions& options, ProjectLink& link, const Alias& alias,
                     const Context& context) {
  Report part;
  if (!alias.is_postgresql()) {
    part.verdict = fmt::format("{}, not PostgreSQL", alias.vendor);
  } else if (!alias.error.empty()) {
    part.status = 3;
    part.verdict = "its parameters cannot be had: " + alias.error;
  } else {
    part = detect_alias(options, link, alias, context);
    if (part.status != 0 && !part.hint.empty() && part.unknown.empty()) {
      part.findings.push_back({"", Severity::info, part.hint, {}, "", "", ""});
    }
  }
  part.title = "Alias " + alias.name;
  return part;
}

std::string listens_of(const PoolerConfig& config) {
  std::vector<std::string> places;
  for (const auto& listen : config.listens) {
    const auto host = listen.host();
    places.push_back((host.empty() || host == "*" ? "any address" : host) + ":" + listen.port());
  }
  return places.empty() ? "not said" : join(places, ", ");
}

/// "shop → 10.0.0.7:5432/shop as owner, session mode"
std::string line_of(const ConfiguredDatabase& database) {
  auto server = database.server;
  if (server.database().empty()) {
    server.set("dbname", database.name);
  }
  const bool host = !server.host().empty() || !server.get("hostaddr").empty();
  auto line = fmt::format("{} → {}", database.name,
                          host ? server.place() : "its own unix socket, " + server.port());
  line += server.user().empty() ? "" : " as " + server.user();
  line += database.mode.empty() ? "" : ", " + database.mode + " mode";
  return database.is_replica ? line + ", a replica" : line;
}

Finding finding_of(const ConfigProblem& problem) {
  return {"", Severity::info, problem.message, {problem.file, problem.line, ""}, "", "", ""};
}

/// What a configuration says; it is not compared with anything that runs.
Report part_of_config(const PoolerConfig& config, const ProjectSettings& settings) {
  Report part;
  part.title = config.origin;
  part.verdict = fmt::format("{} with {}", pooler_name(config.kind),
                             counted(config.databases.size(), "database"));
  part.facts.set("listens_at", listens_of(config));
  Value databases = Value::array();
  for (const auto& database : config.databases) {
    databases.add(line_of(database));
  }
  part.facts.set("databases", databases);
  part.facts.set("pool_mode", config.mode.empty() ? Value("not said") : Value(config.mode));
  Value used = Value::array();
  for (const auto& alias : settings.aliases) {
    if (alias.is_postgresql() && fit_of(config, alias.endpoint) == Fit::exact) {
      used.add(alias.name);
    }
  }
  part.facts.set("used_by", used.elements().empty() ? Value("no alias") : used);
  for (const auto& problem : config.problems) {
    part.findings.push_back(finding_of(problem));
  }
  return part;
}

} // namespace

Report detect_all(const DetectOptions& options, const Context& context) {
  auto link = open_project(options.common, context, {"check"}, true);
  Report report;
  report.command = "detect";
  report.findings = unknown_aliases(options.common.connect, link.settings);
  std::size_t proved = 0;
  std::size_t on_postgresql = 0;
  for (const auto& alias : link.settings.aliases) {
    auto part = part_of_alias(options, link, alias, context);
    proved += part.own["direct_proved"].truth() ? 1 : 0;
    on_postgresql += alias.is_postgresql() ? 1 : 0;
    report.status = worse(report.status, part.status);
    report.parts.push_back(std::move(part));
  }
  link.bridge.reply(link.question, Value::object({{"do", "stop"}, {"status", 0}}));
  report.verdict =
      fmt::format("{} of {} PostgreSQL aliases proved direct; {} of poolers found", proved,
                  on_postgresql, counted(link.configs.poolers.size(), "configuration"));
  for (const auto& config : link.configs.poolers) {
    report.parts.push_back(part_of_config(config, link.settings));
  }
  for (const auto& problem : link.configs.problems) {
    report.findings.push_back(finding_of(problem));
  }
  return report;
}

} // namespace pgtool
