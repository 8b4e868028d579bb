#include "commands/survey_report.hpp"

#include "base/text.hpp"
#include "connector/cure.hpp"
#include "pooler/identify.hpp"

#include <fmt/core.h>

namespace pgtool {
namespace {

/// What was said, and what that means where it is a state of the pooler.
std::string why_unusable(const Survey& survey) {
  const auto said = first_line(survey.pooled_failure->refusal.message);
  return survey.trouble ? said + ": " + survey.trouble->meaning : said;
}

std::string cure_of(const Survey& survey, const Endpoint& pooled) {
  if (!survey.trouble) {
    return cure_for(*survey.pooled_failure, pooled.origin);
  }
  const bool guessed =
      survey.trouble->name == "no-answer" || survey.trouble->name == "login-stalls";
  return survey.trouble->cure +
         (guessed && !survey.console ? "; --console-url lets pgtool tell which" : "");
}

void add_route(const Survey& survey, const Endpoint& pooled, Report& report) {
  RouteReport route;
  const bool has_pooler = !survey.direct || !survey.direct->is_pooled_endpoint;
  route.pooled = has_pooler ? pooled.url() : "";
  if (survey.direct) {
    route.direct = survey.direct->endpoint.url();
    route.origin = survey.direct->endpoint.origin;
    route.proofs = survey.direct->proofs;
  } else if (!survey.rejected.empty()) {
    route.origin = survey.rejected.front().endpoint.origin;
    route.proofs = survey.rejected.front().proofs;
  }
  report.route = std::move(route);
}

void add_facts(const Survey& survey, const Endpoint& pooled, Report& report) {
  const auto* facts = survey.direct         ? &survey.direct->session.facts()
                      : survey.pooled_facts ? &*survey.pooled_facts
                                            : nullptr;
  if (facts == nullptr) {
    return;
  }
  report.facts.set("postgresql", facts->server_version);
  report.facts.set("database", facts->database);
  report.facts.set("user", facts->user);
  report.facts.set("schemas", facts->schemas);
  report.facts.set("django_migrations", facts->migrations_schema.empty()
                                            ? Value("not there yet")
                                            : Value("in " + facts->migrations_schema));
  if (survey.console && !survey.console->forced_user.empty() &&
      survey.console->forced_user != pooled.user()) {
    report.facts.set("forced_user", survey.console->forced_user);
  }
}

void add_unknown(const Survey& survey, const Endpoint& pooled, Report& report) {
  report.unknown.insert(report.unknown.end(), survey.unknown.begin(), survey.unknown.end());
  if (survey.pooled_failure) {
    report.unknown.push_back({fmt::format("{} ({})", pooled.place(), pooled.origin),
                              why_unusable(survey), cure_of(survey, pooled)});
  }
  if (!survey.direct) {
    for (const auto& rejected : survey.rejected) {
      if (!rejected.reached) { // what was reached was examined, and the answer is no
        report.unknown.push_back(
            {fmt::format("{} ({})", rejected.endpoint.place(), rejected.endpoint.origin),
             first_line(rejected.reason), rejected.cure});
      }
    }
  }
}

void add_findings(const Survey& survey, const Endpoint& pooled, Report& report) {
  if (survey.options_refused) {
    report.findings.push_back(
        {"startup-options-refused",
         Severity::warning,
         "the pooler refuses the connection options of this alias: " +
             survey.options_refused->message,
         {"", 0, pooled.origin},
         "Django cannot connect through this pooler as long as OPTIONS holds them",
         "set them on the role instead: ALTER ROLE … IN DATABASE … SET …",
         ""});
  }
  const bool forced = survey.pooled_facts && survey.pooled_facts->session_user != pooled.user();
  if (forced && survey.direct && !survey.direct->is_pooled_endpoint) {
    report.findings.push_back(
        {"forced-user",
         Severity::warning,
         fmt::format("the pooler logs in as {}, not as {}", survey.pooled_facts->session_user,
                     pooled.user()),
         {"", 0, pooled.place()},
         survey.pooled_facts->session_user == survey.direct->session.facts().session_user
             ? "so does pgtool: what is migrated belongs to that role"
             : "pgtool does not: what is migrated belongs to " +
                   survey.direct->session.facts().session_user,
         "",
         ""});
  }
  if (survey.direct && !survey.direct->not_compared.empty()) {
    report.findings.push_back({"pair-not-compared",
                               Severity::warning,
                               "the direct endpoint could not be compared with the pooled one: " +
                                   first_line(survey.direct->not_compared),
                               {"", 0, pooled.place()},
                               "it was taken because it was named",
                               "",
                               ""});
  }
}

} // namespace

int survey_status(const Survey& survey) {
  if (survey.direct) {
    return 0;
  }
  const bool user_named_one = !survey.rejected.empty() && survey.rejected.front().by_user;
  if (survey.pooled_failure && !user_named_one) {
    return 3;
  }
  bool tried = false;
  for (const auto& rejected : survey.rejected) {
    if (!rejected.deploy.empty()) {
      return 5;
    }
    if (rejected.reached && !rejected.is_undecided()) {
      return 1;
    }
    tried = tried || rejected.tried;
  }
  return tried ? 3 : 1;
}

Refused why_not_direct(const Survey& survey, const Endpoint& pooled) {
  const auto* first = survey.rejected.empty() ? nullptr : &survey.rejected.front();
  const auto not_proved =
      first == nullptr
          ? ""
          : fmt::format("{} ({}) is not proved to be the direct endpoint: {}",
                        first->endpoint.place(), first->endpoint.origin, first_line(first->reason));
  if (survey.pooled_failure && (first == nullptr || !first->by_user)) {
    const auto unusable = fmt::format("{} ({}) cannot be used: {}", pooled.place(), pooled.origin,
                                      why_unusable(survey));
    return {first == nullptr ? unusable : unusable + "; and " + not_proved,
            cure_of(survey, pooled) + ". With --direct-url pgtool can do without the pooler"};
  }
  if (first != nullptr && !first->deploy.empty()) {
    return {not_proved + "; another deploy is at work there: " + first->deploy,
            "run it again when that has ended, or wait for it with --wait"};
  }
  if (first != nullptr) {
    return {not_proved, first->cure};
  }
  return {fmt::format("no direct endpoint is known for {} ({})", pooled.place(), pooled.origin),
          "name PostgreSQL itself with --direct-url or PGTOOL_DIRECT_URL"};
}

void add_route_and_facts(const Survey& survey, const Endpoint& pooled, Report& report) {
  report.pooler = survey.pooler;
  add_route(survey, pooled, report);
  add_facts(survey, pooled, report);
}

void add_survey(const Survey& survey, const Endpoint& pooled, Report& report) {
  add_route_and_facts(survey, pooled, report);
  add_unknown(survey, pooled, report);
  add_findings(survey, pooled, report);
}

std::vector<Finding> unknown_aliases(const ConnectOptions& options,
                                     const ProjectSettings& settings) {
  std::vector<std::string> names;
  for (const auto& alias : settings.aliases) {
    names.push_back(alias.name);
  }
  std::vector<Finding> findings;
  for (const auto& [name, ignored] : options.aliases) {
    if (settings.find(name) != nullptr) {
      continue;
    }
    const auto meant = nearest(name, names);
    Finding finding;
    finding.rule = "unknown-alias";
    finding.message = "no alias '" + name + "' in settings.DATABASES" +
                      (meant ? ", did you mean '" + *meant + "'?" : "");
    finding.where = {"pgtool.yaml", 0, "databases." + name};
    finding.remedy = "known aliases: " + join(names, ", ");
    findings.push_back(std::move(finding));
  }
  return findings;
}

std::string unusable_words(const Survey& survey, const Endpoint& pooled) {
  const bool guessed = !survey.trouble || survey.trouble->name == "login-stalls";
  const auto who = survey.pooler.kind == "unknown" ? "" : pooler_words(survey.pooler) + " at ";
  return who + place_words(pooled) + " cannot be used: " +
         (guessed ? first_line(survey.pooled_failure->refusal.message) : survey.trouble->meaning);
}

std::string pooler_words(const PoolerReport& pooler) {
  std::string words = pooler_name(pooler.kind);
  if (!pooler.version.empty()) {
    const bool exact = pooler.version.front() >= '0' && pooler.version.front() <= '9' &&
                       pooler.version.find(' ') == std::string::npos;
    words += exact ? " " + pooler.version : " (" + pooler.version + ")";
  }
  if (!pooler.mode.empty() && pooler.mode != "unknown" && pooler.mode != "none") {
    words += " in " + pooler.mode + " mode";
  }
  return words;
}

std::string place_words(const Endpoint& endpoint) {
  const auto host = endpoint.host().empty() ? endpoint.get("hostaddr") : endpoint.host();
  const auto address = endpoint.get("hostaddr");
  const auto place = (host.empty() ? "the local socket" : host) + ":" + endpoint.port();
  return address.empty() || address == host ? place : place + " (" + address + ")";
}

} // namespace pgtool
