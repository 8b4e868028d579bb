#include "commands/migrate.hpp"

#include "base/error.hpp"
#include "commands/migrate_routes.hpp"
#include "commands/migrate_watch.hpp"
#include "commands/project_link.hpp"
#include "commands/survey_report.hpp"
#include "connector/deploy_lock.hpp"

#include <csignal>
#include <fmt/core.h>

namespace pgtool {
namespace {

std::vector<std::string> django_arguments(const MigrateOptions& options) {
  std::vector<std::string> arguments{"migrate"};
  arguments.insert(arguments.end(), options.django.begin(), options.django.end());
  const auto& common = options.common;
  if (common.connect.database != "default") {
    arguments.push_back("--database=" + common.connect.database);
  }
  if (common.output.verbosity_given || common.output.quiet) {
    arguments.push_back(
        fmt::format("--verbosity={}", common.output.quiet ? 0 : common.output.verbosity));
  }
  arguments.insert(arguments.end(), options.more.begin(), options.more.end());
  return arguments;
}

Report refused(const Routes& routes, ProjectLink& link, Report report) {
  report.status = routes.refusal->status;
  report.verdict = "refused, nothing was changed: " + routes.refusal->message;
  report.hint = routes.refusal->hint;
  link.bridge.reply(link.question, Value::object({{"do", "stop"}, {"status", 1}}));
  link.bridge.child().wait_exit();
  return report;
}

/// The pid of our session that has locked this database already, for an alias of another user or by
/// another name; 0 when there is none.
int locked_before(const RoutedDatabase& database,
                  const std::map<std::string, RoutedDatabase*>& ordered) {
  for (const auto& [url, other] : ordered) {
    if (other->lock_pid != 0 &&
        same_database(other->route->session.facts(), database.route->session.facts())) {
      return other->lock_pid;
    }
  }
  return 0;
}

/// Every database that is touched is locked once, always in the same order, so that two deploys
/// that share two databases cannot wait for each other.
void lock(Routes& routes, double wait, ProjectLink& link, const Context& context) {
  std::map<std::string, RoutedDatabase*> ordered;
  for (const auto& routed : routes.aliases) {
    if (routed.database) {
      ordered.emplace(routed.database->route->endpoint.url(), routed.database.get());
    }
  }
  std::string told;
  for (const auto& [url, database] : ordered) {
    database->lock_pid = locked_before(*database, ordered);
    if (database->lock_pid != 0) {
      continue;
    }
    take_deploy_lock(database->route->session, wait, [&](const LockHolder& holder) {
      if (const auto status = link.bridge.child().poll_exit()) {
        throw Interrupted(*status > 128 ? *status - 128 : SIGINT);
      }
      if (std::exchange(told, holder.text) != holder.text) {
        context.say("waiting for another deploy: " + holder.text);
      }
    });
    database->lock_pid = database->route->session.pid();
  }
}

std::vector<AliasRoute> permitted(const Routes& routes, bool read_only) {
  std::vector<AliasRoute> permitted;
  for (const auto& routed : routes.aliases) {
    auto& route = permitted.emplace_back(routed.route);
    if (read_only && routed.database) {
      route.session.emplace_back("default_transaction_read_only", "on");
    }
    route.lock_pid = routed.database ? routed.database->lock_pid : 0;
  }
  return permitted;
}

Value own_report(const Routes& routes, const MigrateWatch& watch) {
  Value aliases = Value::array();
  for (const auto& routed : routes.aliases) {
    const bool direct = routed.database != nullptr;
    aliases.add(
        Value::object({{"alias", routed.route.alias},
                       {"action", direct                        ? "direct"
                                  : routed.route.reason.empty() ? "left alone"
                                                                : routed.route.reason},
                       {"endpoint", direct ? Value(routed.route.endpoint.url()) : Value()}}));
  }
  return Value::object({{"planned", static_cast<std::int64_t>(watch.record().planned())},
                        {"applied", static_cast<std::int64_t>(watch.record().applied())},
                        {"connections_proved", watch.connections()},
                        {"aliases", aliases}});
}

std::string where(const Routes& routes) {
  const auto& route = *routes.survey.direct;
  return route.is_pooled_endpoint
             ? place_words(route.endpoint) + " (PostgreSQL itself, no pooler)"
             : fmt::format("{} ({}){}, around the pooler at {}", place_words(route.endpoint),
                           route.endpoint.origin, route.session_safe ? ", session-safe only" : "",
                           place_words(routes.request.known.pooled));
}

/// Stays with the run to its end and writes down how it went.
Report follow(const MigrateOptions& options, MigrateWatch watch, const Routes& routes,
              Report report, const Context& context) {
  auto ending = watch.watch();
  ending.plan_only = options.plan;
  ending.check_only = options.check;
  ending.again = "to continue, run: " + context.command_line;
  auto verdict = judge_migration(watch.record(), ending);
  report.status = verdict.status;
  report.verdict = std::move(verdict.verdict);
  report.hint = std::move(verdict.hint);
  report.steps = watch.record().steps();
  report.own = own_report(routes, watch);
  return report;
}

/// Lets the project run as it is: on a pooler that is allowed, or where there is no PostgreSQL.
Report run_unrouted(const MigrateOptions& options, ProjectLink& link, Report report,
                    const Context& context) {
  link.bridge.reply(link.question, run_answer({}, {}));
  Routes none;
  return follow(options, MigrateWatch(link.bridge, none, {}), none, std::move(report), context);
}

Report run_direct(const MigrateOptions& options, ProjectLink& link, Routes& routes, Report report,
                  const Context& context) {
  const bool read_only = options.plan || options.check;
  if (!read_only) {
    lock(routes, options.wait, link, context);
  }
  context.say((read_only ? "looking at " : "migrating at ") + where(routes));
  const RunTerms terms{{lock_class, deploy_lock_object, run_lock_object}, !read_only, true};
  link.bridge.reply(link.question, run_answer(permitted(routes, read_only), terms));
  report =
      follow(options, MigrateWatch(link.bridge, routes, terms), routes, std::move(report), context);
  if (report.status == 0) {
    report.verdict += " at " + where(routes);
  }
  return report;
}

} // namespace

Report run(const MigrateOptions& options, const Context& context) {
  auto link = open_project(options.common, context, django_arguments(options), false);
  Report report;
  report.command = "migrate";
  report.findings = unknown_aliases(options.common.connect, link.settings);
  const auto* alias = link.settings.find(options.common.connect.database);
  if (!options.direct && alias != nullptr && !alias->is_postgresql()) {
    return run_unrouted(options, link, std::move(report), context);
  }
  auto routes = find_routes(options.common.connect, link, context);
  add_survey(routes.survey, routes.request.known.pooled, report);
  if (routes.refusal && options.allow_pooled && !options.direct && routes.survey.pooled_facts) {
    context.say("NOT direct, as --allow-pooled asks: " + routes.refusal->message);
    return run_unrouted(options, link, std::move(report), context);
  }
  if (routes.refusal) {
    return refused(routes, link, std::move(report));
  }
  report.unknown = routes.unknown;
  return run_direct(options, link, routes, std::move(report), context);
}

} // namespace pgtool
