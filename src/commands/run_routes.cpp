#include "commands/run_routes.hpp"

#include "commands/alias_survey.hpp"
#include "commands/survey_report.hpp"

#include <fmt/core.h>

namespace pgtool {
namespace {

/// Two aliases of one user on one database share pgtool's session: a second one would wait for the
/// deploy lock of the first.
std::shared_ptr<RoutedDatabase> known_database(const Routes& routes, const DirectRoute& route) {
  for (const auto& routed : routes.aliases) {
    if (routed.database && same_place(routed.database->route->endpoint, route.endpoint) &&
        routed.database->route->endpoint.user() == route.endpoint.user()) {
      return routed.database;
    }
  }
  return nullptr;
}

void add_direct(Routes& routes, const Alias& alias, std::shared_ptr<DirectRoute> route) {
  RoutedAlias routed;
  routed.route.alias = alias.name;
  routed.route.action = AliasRoute::Action::direct;
  routed.route.before = alias.endpoint;
  routed.route.endpoint = route->endpoint;
  routed.route.session = watchful_settings(route->session.facts());
  routed.database = known_database(routes, *route);
  if (!routed.database) {
    routed.database = std::make_shared<RoutedDatabase>(RoutedDatabase{std::move(route)});
  }
  routes.aliases.push_back(std::move(routed));
}

void add_untouched(Routes& routes, const Alias& alias, AliasRoute::Action action,
                   std::string reason) {
  RoutedAlias routed;
  routed.route.alias = alias.name;
  routed.route.action = action;
  routed.route.reason = std::move(reason);
  routed.route.before = alias.endpoint;
  routes.aliases.push_back(std::move(routed));
}

void add_other_alias(Routes& routes, const Alias& alias, const SurveyRequest& request,
                     Survey survey) {
  if (survey.direct && survey.direct->is_pooled_endpoint &&
      known_database(routes, *survey.direct) != nullptr) {
    add_direct(routes, alias, survey.direct); // the same database under another name
  } else if (survey.direct && survey.direct->is_pooled_endpoint) {
    add_untouched(routes, alias, AliasRoute::Action::leave, "it is PostgreSQL itself");
  } else if (survey.direct) {
    add_direct(routes, alias, survey.direct);
  } else if (survey.pooled_facts && survey.pooled_facts->standby) {
    add_untouched(routes, alias, AliasRoute::Action::leave, "it is a standby");
  } else if (!survey.pooled_facts) {
    const auto refused = why_not_direct(survey, request.known.pooled);
    add_untouched(routes, alias, AliasRoute::Action::deny,
                  fmt::format("alias '{}' could not be examined: {}", alias.name, refused.message));
    routes.unknown.push_back({"alias '" + alias.name + "'", refused.message,
                              "the run stops if it opens a connection there"});
  } else if (!routes.refusal) {
    const auto refused = why_not_direct(survey, request.known.pooled);
    routes.refusal = Routes::Refusal{
        survey_status(survey),
        fmt::format("alias '{}' is pooled, too: {}", alias.name, refused.message),
        "name its direct URL in pgtool.yaml: databases: {" + alias.name + ": {direct: …}}"};
  }
}

/// The proved server's place for an alias behind the same pooler; nothing for any other alias. A
/// copy of the migrated alias, as several projects keep for their logs, must not need a URL of its
/// own.
std::optional<Endpoint> proved_place(const Routes& routes, const Alias& alias,
                                     const Alias& chosen) {
  const auto& route = *routes.survey.direct;
  const bool same_pooler =
      same_host(alias.endpoint, chosen.endpoint) && alias.endpoint.port() == chosen.endpoint.port();
  if (route.is_pooled_endpoint || !same_pooler) {
    return std::nullopt;
  }
  Endpoint place;
  for (const char* keyword : {"host", "hostaddr", "port", "sslmode"}) {
    place.set(keyword, route.endpoint.get(keyword));
  }
  place.origin = route.endpoint.origin + ", proved for alias '" + chosen.name + "'";
  return place;
}

} // namespace

const RoutedAlias* Routes::find(const std::string& alias) const {
  for (const auto& routed : aliases) {
    if (routed.route.alias == alias) {
      return &routed;
    }
  }
  return nullptr;
}

DirectSession* Routes::session_of(const std::string& alias) const {
  const auto* routed = find(alias);
  return routed != nullptr && routed->database ? &routed->database->route->session : nullptr;
}

std::vector<AliasRoute> Routes::orders() const {
  std::vector<AliasRoute> orders;
  for (const auto& routed : aliases) {
    orders.push_back(routed.route);
  }
  return orders;
}

Routes find_routes(const ConnectOptions& options, ProjectLink& link, const Context& context) {
  Routes routes;
  const auto& settings = link.settings;
  const auto& chosen = chosen_alias(settings, options.database);
  const auto request_for = [&](const Alias& alias) {
    auto request = survey_request(options, alias, link, context.environment);
    request.password_for = password_source(link, alias);
    return request;
  };
  routes.request = request_for(chosen);
  routes.survey = survey(routes.request);
  if (!routes.survey.direct) {
    const auto refused = why_not_direct(routes.survey, routes.request.known.pooled);
    routes.refusal = Routes::Refusal{survey_status(routes.survey), refused.message, refused.hint};
    return routes;
  }
  add_direct(routes, chosen, routes.survey.direct);
  for (const auto& alias : settings.aliases) {
    if (alias.name != chosen.name && alias.is_postgresql() && alias.error.empty()) {
      auto request = request_for(alias);
      request.known.proved = proved_place(routes, alias, chosen);
      add_other_alias(routes, alias, request, survey(request));
    }
  }
  return routes;
}

RoutedAlias& add_late_alias(Routes& routes, const Alias& alias, const ConnectOptions& options,
                            const ProjectLink& link, const Context& context) {
  auto request = survey_request(options, alias, link, context.environment);
  request.known.proved = proved_place(routes, alias, chosen_alias(link.settings, options.database));
  add_other_alias(routes, alias, request, survey(request));
  if (routes.refusal) { // the run has begun: only this alias is stopped
    add_untouched(routes, alias, AliasRoute::Action::deny, routes.refusal->message);
    routes.refusal.reset();
  }
  return routes.aliases.back();
}

void deny(RoutedAlias& routed, std::string reason) {
  routed.route.action = AliasRoute::Action::deny;
  routed.route.reason = std::move(reason);
  routed.database = nullptr;
}

} // namespace pgtool
