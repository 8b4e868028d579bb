#include "commands/schema_move/move_report.hpp"

#include "base/text.hpp"
#include "commands/schema_move/execution.hpp"
#include "commands/schema_move/grants.hpp"
#include "commands/schema_move/role_settings.hpp"

#include <fmt/core.h>

namespace pgtool {
namespace {

constexpr std::size_t few = 20; ///< objects that are listed one by one in text

const char* strategy_name(MoveStrategy strategy) {
  switch (strategy) {
  case MoveStrategy::expand:
    return "expand";
  case MoveStrategy::pause:
    return "pause";
  case MoveStrategy::offline:
    break;
  }
  return "offline";
}

Value path_value(const std::optional<SearchPath>& path) {
  return path ? Value(search_path_text(*path)) : Value();
}

Value roles_value(const MovePlan& plan) {
  Value roles = Value::array();
  for (const auto& role : plan.roles) {
    roles.add(Value::object({{"role", role.role},
                             {"why", role.why},
                             {"setting", role.setting ? Value(*role.setting) : Value()},
                             {"before", search_path_text(role.before)},
                             {"during", path_value(plan.during(role))},
                             {"after", path_value(plan.after(role))}}));
  }
  return roles;
}

Value staying_value(const MovePlan& plan) {
  Value staying = Value::array();
  for (const auto& one : plan.inventory.staying) {
    staying.add(
        Value::object({{"type", one.type}, {"identity", one.identity}, {"reason", one.reason}}));
  }
  return staying;
}

Value moving_value(const MovePlan& plan) {
  Value moving = Value::array();
  for (const auto& object : plan.inventory.objects) {
    moving.add(Value::object({{"type", object.kind->type},
                              {"identity", object.identity},
                              {"statement", object.statement(plan.filled())}}));
  }
  return moving;
}

void add_own(const MoveOutline& outline, Report& report) {
  const auto& plan = outline.plan;
  Value counts = Value::object();
  for (const auto& [type, number] : plan.inventory.counts()) {
    counts.set(type, number);
  }
  const auto& ledger = outline.ledger;
  const char* state = is_complete(plan, ledger) ? "complete"
                      : ledger.exists           ? "begun"
                                                : "not begun";
  report.own = Value::object({{"from", plan.schemas.source},
                              {"to", plan.schemas.target},
                              {"direction", plan.undo ? "back" : "there"},
                              {"strategy", strategy_name(plan.strategy)},
                              {"state", state},
                              {"cluster_wide", plan.cluster_wide},
                              {"to_move", static_cast<std::int64_t>(plan.inventory.objects.size())},
                              {"moved", std::int64_t{0}},
                              {"objects", counts},
                              {"roles", roles_value(plan)},
                              {"grants", Value::array()},
                              {"staying", staying_value(plan)},
                              {"moving", moving_value(plan)}});
  for (const auto& change : plan.grants) {
    auto grants = report.own["grants"];
    grants.add(change.statement);
    report.own.set("grants", grants);
  }
}

void add_step(Report& report, std::string name) {
  report.steps.push_back({std::move(name), "to do", 0});
}

std::string role_words(const MovePlan& plan, const RoleMove& role,
                       const std::optional<SearchPath>& path) {
  return alter_path_sql(role.role, plan.database, plan.cluster_wide, path);
}

void add_paths(const MovePlan& plan, bool final, Report& report) {
  for (const auto& role : plan.roles) {
    const auto path = final ? plan.after(role) : plan.during(role);
    const bool moved_away = final && !plan.inventory.objects.empty() && plan.during(role) != path;
    if (!MovePlan::is_set(role, path) || moved_away) {
      add_step(report, role_words(plan, role, path));
    }
  }
  add_step(report, "recycle the pooler's sessions and wait until none with an older path is left");
}

void add_moves(const MovePlan& plan, bool all, Report& report) {
  const auto& objects = plan.inventory.objects;
  if (objects.size() > few && !all) {
    add_step(report, fmt::format("move {}, each in a transaction of its own (-v 2 lists them)",
                                 counted(plan.inventory)));
    return;
  }
  for (const auto& object : objects) {
    add_step(report, object.statement(plan.filled()));
  }
}

void add_steps(const MovePlan& plan, const OutputOptions& output, Report& report) {
  if (plan.creates_schema && !plan.undo) {
    add_step(report, create_schema_sql(plan));
  }
  for (const auto& change : plan.grants) {
    add_step(report, change.statement);
  }
  if (!plan.inventory.objects.empty() && plan.strategy == MoveStrategy::expand) {
    add_paths(plan, false, report);
  }
  add_moves(plan, output.verbosity >= 2, report);
  add_paths(plan, true, report);
  for (const auto& change : plan.revokes) {
    add_step(report, change.statement);
  }
}

void add_facts(const MovePlan& plan, Report& report) {
  report.facts.set("moves", counted(plan.inventory));
  if (!plan.inventory.staying.empty()) {
    std::map<std::string, int> reasons;
    for (const auto& one : plan.inventory.staying) {
      ++reasons[one.reason];
    }
    std::vector<std::string> words;
    for (const auto& [reason, number] : reasons) {
      words.push_back(fmt::format("{} ({})", number, reason));
    }
    report.facts.set("stays", join(words, ", "));
  }
  for (const auto& role : plan.roles) {
    const auto after = plan.after(role);
    report.facts.set("role_" + role.role,
                     fmt::format("{}: {} → {}", role.why, search_path_text(role.before),
                                 after ? search_path_text(*after) : "no setting"));
  }
}

} // namespace

std::string plan_words(const MovePlan& plan) {
  return fmt::format("move {} from schema {} to {}", counted(plan.inventory), plan.emptied(),
                     plan.filled());
}

void add_plan(const MoveOutline& outline, const OutputOptions& output, Report& report) {
  add_own(outline, report);
  add_facts(outline.plan, report);
  if (!is_complete(outline.plan, outline.ledger)) {
    add_steps(outline.plan, output, report);
  }
}

} // namespace pgtool
