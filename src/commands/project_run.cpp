#include "commands/project_run.hpp"

#include "base/error.hpp"
#include "base/signals.hpp"
#include "commands/migrate/plan_report.hpp"
#include "commands/migrate/pooler_renewal.hpp"
#include "commands/migrate/record_rights.hpp"
#include "commands/migrate/settled.hpp"
#include "commands/migrate/timeout_terms.hpp"
#include "commands/project_link.hpp"
#include "commands/run_lock.hpp"
#include "commands/run_routes.hpp"
#include "commands/run_watch.hpp"
#include "commands/survey_report.hpp"
#include "connector/deploy_lock.hpp"

#include <fmt/core.h>

namespace pgtool {
namespace {

Value aliases_of(const Routes& routes) {
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
  return aliases;
}

std::string place_of(const Routes& routes) {
  const auto& route = *routes.survey.direct;
  return route.is_pooled_endpoint
             ? place_words(route.endpoint) + " (PostgreSQL itself, no pooler)"
             : fmt::format("{} ({}){}, around the pooler at {}", place_words(route.endpoint),
                           route.endpoint.origin, route.session_safe ? ", session-safe only" : "",
                           place_words(routes.request.known.pooled));
}

/// An alias that appeared during the run: routed under the same terms, without waiting for a lock
/// while the project waits for us.
void examine_late(const ProjectRunRequest& request, ProjectLink& link, Routes& routes,
                  const Alias& alias, const Context& context) {
  auto& routed = add_late_alias(routes, alias, request.common.connect, link, context);
  if (request.read_only) {
    make_read_only(routed);
  }
  try {
    if (request.locked) {
      lock_databases(routes, 0, link, context);
    }
  } catch (const Error& busy) {
    deny(routed, "alias '" + alias.name + "': " + busy.what());
  }
}

/// Lets the command begin and stays with it to its end.
void follow(ProjectLink& link, Routes& routes, const WatchTerms& terms, ProjectRun& run) {
  RunWatch watch(link, routes, terms);
  run.ending = watch.watch();
  run.record = watch.record();
  run.own =
      Value::object({{"connections_proved", watch.connections()}, {"aliases", aliases_of(routes)}});
}

/// As the project is: on a pooler that is allowed, or where there is no PostgreSQL.
void follow_unrouted(ProjectLink& link, ProjectRun& run) {
  Routes none;
  follow(link, none, {}, run);
}

/// The routes, after waiting for a deploy that changes what sessions see: a move to another schema.
Routes find_settled_routes(const ProjectRunRequest& request, ProjectLink& link,
                           const Context& context) {
  constexpr auto between = std::chrono::seconds(2);
  const auto deadline =
      Clock::now() + std::chrono::duration<double>(request.locked ? request.route.wait : 0);
  bool told = false;
  for (;;) {
    auto routes = find_routes(request.common.connect, link, context);
    const bool busy = routes.refusal && routes.refusal->status == static_cast<int>(Failure::busy);
    if (!busy || Clock::now() + between > deadline) {
      return routes;
    }
    if (!std::exchange(told, true)) {
      context.say("waiting for another deploy: " + routes.refusal->message);
    }
    wait_interruptibly(std::chrono::duration<double>(between).count());
  }
}

void refuse(const Routes& routes, ProjectLink& link, Report& report) {
  report.status = routes.refusal->status;
  report.verdict = "refused, nothing was changed: " + routes.refusal->message;
  report.hint = routes.refusal->hint;
  stop_project(link, 1);
}

/// Plans that pooled sessions keep fit the tables as they were.
void look_at_pooler(const ProjectRunRequest& request, Routes& routes, ProjectRun& run,
                    const Context& context) {
  const bool has_pooler = !routes.survey.direct->is_pooled_endpoint;
  if (!has_pooler || !run.desk.changed_old_tables) {
    return;
  }
  const auto finding = request.reconnect_pooler ? renew_pooled_sessions(routes, context)
                       : run.desk.prepares      ? stale_plans(routes)
                                                : std::nullopt;
  if (finding) {
    run.desk.checked.findings.push_back(*finding);
  }
}

void follow_direct(const ProjectRunRequest& request, ProjectLink& link, Routes& routes,
                   ProjectRun& run, const Context& context) {
  if (request.locked) {
    lock_databases(routes, request.route.wait, link, context);
  }
  if (request.read_only) {
    for (auto& routed : routes.aliases) {
      make_read_only(routed);
    }
  }
  const auto place = place_of(routes);
  if (const auto& why = routes.survey.direct->not_compared; !why.empty()) {
    context.say("warning: not compared with the pooled endpoint, which cannot be used (" + why +
                "): make sure that this is the same database");
  }
  context.say(request.doing + " at " + place);
  RunTerms terms{{lock_class, deploy_lock_object, run_lock_object}, request.locked, true, {}};
  const auto examine = [&](const Alias& alias) {
    examine_late(request, link, routes, alias, context);
  };
  std::optional<MigrationDesk> desk;
  std::optional<PlanReport> plan;
  if (request.tells_plan) {
    terms.tells_plan = true;
    plan.emplace(routes);
  }
  if (request.policy != nullptr) {
    terms.migrations = migration_terms(*request.policy);
    terms.migrations->record = everybody_may_see_locks(routes.survey.direct->session);
    warn_of_short_timeout(*request.policy, routes, context);
    const auto& output = request.common.output;
    desk.emplace(routes, *request.policy, request.route.wait, output.verbosity > 0 && !output.quiet,
                 context);
    desk->look_for_others();
  }
  RunCompanion* companion = nullptr;
  if (desk) {
    companion = &*desk;
  } else if (plan) {
    companion = &*plan;
  }
  follow(link, routes, {terms, request.other_databases, examine, companion}, run);
  if (plan) {
    plan->finish();
    run.plan = plan->migrations();
    run.free_disk = plan->free_bytes() ? Value(*plan->free_bytes()) : Value();
    run.account = plan->lines();
    run.desk.checked = plan->checked();
  }
  if (desk) {
    desk->finish();
    run.desk = desk->record();
    run.ending->busy = run.desk.busy;
    run.ending->left = run.desk.left;
    settle_unfinished(routes, run.record, *run.ending);
    look_at_pooler(request, routes, run, context);
  }
  run.where = " at " + place;
}

} // namespace

ProjectRun run_project(const ProjectRunRequest& request, const Context& context) {
  const auto& connect = request.common.connect;
  auto link = open_project(request.common, context, request.arguments, false);
  ProjectRun run;
  run.report.findings = unknown_aliases(connect, link.settings);
  const auto* alias = link.settings.find(connect.database);
  if (!request.route.direct && alias != nullptr && !alias->is_postgresql()) {
    follow_unrouted(link, run);
    return run;
  }
  auto routes = find_settled_routes(request, link, context);
  add_survey(routes.survey, routes.request.known.pooled, run.report);
  if (routes.refusal && request.route.allow_pooled && !request.route.direct &&
      routes.survey.pooled_facts) {
    context.say("NOT direct, as --allow-pooled asks: " + routes.refusal->message);
    follow_unrouted(link, run);
  } else if (routes.refusal) {
    refuse(routes, link, run.report);
  } else {
    run.report.unknown = routes.unknown;
    follow_direct(request, link, routes, run, context);
  }
  return run;
}

} // namespace pgtool
