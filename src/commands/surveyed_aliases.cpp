#include "commands/surveyed_aliases.hpp"

#include "commands/alias_survey.hpp"
#include "connector/console_sessions.hpp"

namespace pgtool {
namespace {

class AliasSurvey {
public:
  AliasSurvey(const ConnectOptions& options, ProjectLink& link, const Context& context, Look look)
      : options_(options), link_(link), context_(context), look_(look) {}

  void add(const Alias& alias, const Alias* chosen) {
    auto request = survey_request(options_, alias, link_, context_.environment);
    request.password_for = password_source(link_, alias);
    if (chosen != nullptr) {
      request.known.proved = proved_place(surveyed.front().survey, alias, *chosen);
    }
    surveyed.push_back(survey_of(std::move(request), look_));
    surveyed.back().alias = alias;
  }

  std::vector<SurveyedAlias> surveyed;

private:
  const ConnectOptions& options_;
  ProjectLink& link_;
  const Context& context_;
  Look look_;
};

bool is_usable(const Alias& alias) { return alias.is_postgresql() && alias.error.empty(); }

} // namespace

std::optional<Endpoint> proved_place(const Survey& survey, const Alias& alias,
                                     const Alias& chosen) {
  const bool same_pooler =
      same_host(alias.endpoint, chosen.endpoint) && alias.endpoint.port() == chosen.endpoint.port();
  if (!survey.direct || survey.direct->is_pooled_endpoint || !same_pooler) {
    return std::nullopt;
  }
  const auto& route = *survey.direct;
  Endpoint place;
  for (const char* keyword : {"host", "hostaddr", "port", "sslmode"}) {
    place.set(keyword, route.endpoint.get(keyword));
  }
  place.origin = route.endpoint.origin + ", proved for alias '" + chosen.name + "'";
  return place;
}

SurveyedAlias survey_of(SurveyRequest request, Look look) {
  request.identify = look == Look::all;
  request.read_settings = look == Look::all;
  auto found = survey(request);
  return {{}, std::move(request), std::move(found)};
}

SurveyedAlias survey_of_console(SurveyRequest request) {
  Survey found;
  auto opened = open_consoles(request.consoles, request.timeout);
  for (const auto& failure : opened.failures) {
    found.unknown.push_back({"the console at " + failure.place, failure.why, ""});
  }
  if (!opened.sessions.empty()) {
    auto& [connection, identity, mark] = opened.sessions.front();
    found.pooler.kind = identity.kind;
    found.pooler.version = identity.version;
    found.pooler.confidence = "certain";
    found.console_tables = read_console(connection, identity, "", "", ConsoleReach::all).tables;
  }
  return {{}, std::move(request), std::move(found)};
}

std::vector<SurveyedAlias> survey_aliases(const ConnectOptions& options, ProjectLink& link,
                                          const std::string& chosen, const Context& context,
                                          Look look, bool only_if_direct) {
  AliasSurvey survey(options, link, context, look);
  const auto& settings = link.settings;
  const auto* first = settings.find(chosen);
  if (first != nullptr && is_usable(*first)) {
    survey.add(*first, nullptr);
    if (only_if_direct && !survey.surveyed.front().survey.direct) {
      return std::move(survey.surveyed);
    }
  } else {
    first = nullptr;
  }
  for (const auto& alias : settings.aliases) {
    if (is_usable(alias) && alias.name != chosen) {
      survey.add(alias, first);
    }
  }
  return std::move(survey.surveyed);
}

void make_read_only(const std::vector<SurveyedAlias>& surveyed) {
  for (const auto& one : surveyed) {
    if (one.survey.direct) {
      one.survey.direct->session.connection().query("set default_transaction_read_only = on");
    }
  }
}

} // namespace pgtool
