#include "commands/schema_move/path_switch.hpp"

#include "base/error.hpp"
#include "commands/schema_move/drain.hpp"
#include "commands/schema_move/role_settings.hpp"
#include "sql/quote.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace pgtool {
namespace {

std::string alter_sql(const MoveWork& work, const RoleMove& role,
                      const std::optional<SearchPath>& path) {
  return alter_path_sql(role.role, work.plan.database, work.plan.cluster_wide, path);
}

std::optional<std::string> setting_of(const std::optional<SearchPath>& path) {
  return path ? std::optional(search_path_text(*path)) : std::nullopt;
}

/// In one transaction, but for roles that only their own session may change: what they had stands
/// in the ledger before.
bool set_paths(MoveWork& work, const PathSwitch& change) {
  auto statements = change.first;
  std::vector<RoleMove*> changed;
  for (auto& role : work.plan.roles) {
    if (MovePlan::is_set(role, change.path(role))) {
      continue;
    }
    if (role.session < 0) {
      throw Error(Failure::internal,
                  "the path of role " + role.role + " was to be changed, and no session may");
    }
    changed.push_back(&role);
    statements.push_back(ledger_sql::old_setting(role.role, role.old_setting));
    if (role.session == 0) {
      statements.push_back(alter_sql(work, role, change.path(role)));
    }
  }
  if (!changed.empty()) {
    statements.push_back(ledger_sql::switching());
  }
  if (!statements.empty()) {
    transact(work, statements);
  }
  for (auto* role : changed) {
    if (role->session > 0) {
      transact(work, {alter_sql(work, *role, change.path(*role))},
               static_cast<std::size_t>(role->session));
    }
    role->setting = setting_of(change.path(*role));
  }
  return !changed.empty();
}

/// Where no role's path leads to the source, no session loses or gains anything by the move.
bool anybody_is_led(const MovePlan& plan) {
  return std::any_of(plan.roles.begin(), plan.roles.end(), [&](const auto& role) {
    return leads_to(role.before, plan.schemas.source, role.role);
  });
}

/// Read after the paths were committed and before the pooler is told: read later, sessions born in
/// between would count as old for ever (facts: measured).
std::string note_moment(MoveWork& work, const std::string& name) {
  const auto moment =
      work.connection().query("select clock_timestamp()::text as now").text(0, "now");
  transact(work, {ledger_sql::switched(name, quote_literal(moment))});
  return moment;
}

} // namespace

void switch_paths(MoveWork& work, const PathSwitch& change) {
  const bool changed = set_paths(work, change);
  auto& ledger = work.ledger;
  const bool known = !changed && ledger.switched == change.name;
  if (known && ledger.drained) {
    return;
  }
  const auto moment = known ? ledger.moment : note_moment(work, change.name);
  if (work.plan.strategy == MoveStrategy::expand && anybody_is_led(work.plan)) {
    Drain drain(work, moment);
    drain.look_first();
    if (const auto said = work.recycler.recycle(); !said.empty()) {
      work.context.say(said);
    }
    drain.wait(work.options.drain_timeout);
  }
  transact(work, {ledger_sql::drained(change.name)});
  ledger.switched = change.name;
  ledger.moment = moment;
  ledger.drained = true;
}

} // namespace pgtool
