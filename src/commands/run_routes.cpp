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
    routes.aliases.back().itself = survey.direct;
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
  const auto& chosen = chosen_alias(link.settings, options.database);
  return routes_of(survey_aliases(options, link, chosen.name, context, Look::route, true));
}

Routes routes_of(std::vector<SurveyedAlias> surveyed) {
  Routes routes;
  auto& chosen = surveyed.front();
  routes.request = std::move(chosen.request);
  routes.survey = std::move(chosen.survey);
  if (!routes.survey.direct) {
    const auto refused = why_not_direct(routes.survey, routes.request.known.pooled);
    routes.refusal = Routes::Refusal{survey_status(routes.survey), refused.message, refused.hint};
    return routes;
  }
  add_direct(routes, chosen.alias, routes.survey.direct);
  for (auto one = surveyed.begin() + 1; one != surveyed.end(); ++one) {
    add_other_alias(routes, one->alias, one->request, std::move(one->survey));
  }
  return routes;
}

void make_read_only(RoutedAlias& routed) {
  if (routed.itself) { // only what is led somewhere can be told how its sessions begin
    routed.database = std::make_shared<RoutedDatabase>(RoutedDatabase{routed.itself});
    routed.route.action = AliasRoute::Action::direct;
    routed.route.endpoint = routed.itself->endpoint;
    routed.route.session = watchful_settings(routed.itself->session.facts());
    routed.itself.reset();
  }
  if (routed.database) {
    routed.route.session.emplace_back("default_transaction_read_only", "on");
  }
}

RoutedAlias& add_late_alias(Routes& routes, const Alias& alias, const ConnectOptions& options,
                            const ProjectLink& link, const Context& context) {
  auto request = survey_request(options, alias, link, context.environment);
  request.known.proved =
      proved_place(routes.survey, alias, chosen_alias(link.settings, options.database));
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
