#include "commands/schema_move/execution.hpp"

#include "base/error.hpp"
#include "commands/schema_move/drain.hpp"
#include "commands/schema_move/grants.hpp"
#include "commands/schema_move/inventory.hpp"
#include "commands/schema_move/mover.hpp"
#include "commands/schema_move/path_switch.hpp"
#include "commands/schema_move/paused_move.hpp"
#include "commands/schema_move/planning.hpp"
#include "sql/quote.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace pgtool {
namespace {

constexpr double offline_patience = 5; ///< seconds: who stopped the application need not wait
constexpr int most_rounds = 5;         ///< of looking for what was created meanwhile

void prepare(MoveWork& work, const std::vector<std::string>& statements) {
  if (!statements.empty()) {
    transact(work, statements);
  }
  work.ledger.exists = true;
}

/// Moves what is there, and what was created meanwhile by whoever still has the old path first.
void move_everything(MoveWork& work, const NameFilter& filter) {
  for (int round = 0; round < most_rounds && !work.plan.inventory.objects.empty(); ++round) {
    move_objects(work);
    work.plan.inventory = current_inventory(work.connection(), work.plan, work.ledger, filter);
  }
  if (!work.plan.inventory.objects.empty()) {
    throw Error(Failure::stopped,
                fmt::format("new objects keep appearing in schema {}: {}",
                            quote_identifier(work.plan.emptied()),
                            work.plan.inventory.objects.front().identity),
                "find out who creates them, then run the same command again");
  }
}

std::vector<std::string> revoking(const MovePlan& plan) {
  std::vector<std::string> statements;
  for (const auto& change : plan.revokes) {
    statements.push_back(change.statement);
    statements.push_back(ledger_sql::undo(change, true));
  }
  return statements;
}

/// With --strategy offline nobody may be there, whatever path he has.
void expect_nobody(MoveWork& work) {
  const StepClock clock(work, "see that nobody is connected");
  const auto now = work.connection().query("select clock_timestamp()::text as now").text(0, "now");
  Drain drain(work, now);
  drain.look_first();
  work.recycler.recycle();
  try {
    drain.wait(std::min(work.options.drain_timeout, offline_patience));
  } catch (const Error& error) {
    throw Error(Failure::busy, error.what(),
                "--strategy offline needs the application stopped; --strategy expand does not");
  }
}

std::string moving_words(const MoveWork& work) {
  return fmt::format("move {} to schema {}", counted(work.plan.inventory), work.plan.filled());
}

/// Makes room, and puts both schemas on the paths where something is to move under people's hands.
void open_paths(MoveWork& work, const std::string& name, std::vector<std::string> first) {
  const auto& plan = work.plan;
  if (plan.strategy == MoveStrategy::offline) {
    expect_nobody(work);
  }
  const bool both = plan.strategy == MoveStrategy::expand && !plan.inventory.objects.empty();
  const StepClock clock(work, both ? "put both schemas on the paths and let sessions renew"
                                   : "prepare schema " + plan.filled());
  if (both) {
    switch_paths(work,
                 {name, [&](const auto& role) { return plan.during(role); }, std::move(first)});
    work.ledger.exists = true;
  } else {
    prepare(work, first);
  }
}

void move_planned(MoveWork& work, const NameFilter& filter) {
  if (!work.plan.inventory.objects.empty()) {
    const StepClock clock(work, moving_words(work));
    move_everything(work, filter);
  }
}

void close_paths(MoveWork& work, const std::string& name, const NameFilter& filter) {
  auto& plan = work.plan;
  const StepClock clock(work, plan.undo ? "restore the old paths and let sessions renew"
                                        : "set the final paths and let sessions renew");
  switch_paths(work, {name, [&](const auto& role) { return plan.after(role); }, {}});
  // Until a moment ago somebody could create things where the emptied schema came first.
  plan.inventory = current_inventory(work.connection(), plan, work.ledger, filter);
  move_everything(work, filter);
}

} // namespace

std::vector<std::string> preparation(MoveWork& work) {
  const auto& plan = work.plan;
  std::vector<std::string> statements;
  if (!work.ledger.exists) {
    const bool there =
        work.connection().query("select 1 from pg_namespace where nspname = 'pgtool'").size() != 0;
    statements.push_back(
        ledger_sql::begin(plan.schemas, plan.cluster_wide, work.server_path, there));
    statements.push_back(ledger_sql::schema(plan.schemas.target, plan.creates_schema));
    for (const auto& object : read_inventory(work.connection(), plan.schemas.target, {}).objects) {
      statements.push_back(ledger_sql::resident(object));
    }
  }
  statements.push_back(
      ledger_sql::chosen(work.options.only, work.options.exclude, work.options.tables_of_django));
  if (plan.creates_schema) {
    statements.push_back(create_schema_sql(plan));
  }
  for (const auto& change : plan.grants) {
    statements.push_back(change.statement);
    statements.push_back(ledger_sql::undo(change, false));
  }
  return statements;
}

std::vector<std::string> taken_back(MoveWork& work, const std::vector<PrivilegeChange>& changes) {
  std::vector<std::string> statements;
  for (const auto& change : changes) {
    const auto gone =
        std::find_if(change.roles.begin(), change.roles.end(), [&](const std::string& role) {
          return work.connection()
                     .query("select 1 from pg_roles where rolname = $1", {role})
                     .size() == 0;
        });
    if (gone == change.roles.end()) {
      statements.push_back(change.back);
    } else {
      work.context.say(fmt::format("role {} is gone, so this is left out: {}", *gone, change.back));
    }
  }
  return statements;
}

std::vector<std::string> settling(MoveWork& work) {
  auto statements = revoking(work.plan);
  statements.push_back(ledger_sql::switched("contract", "clock_timestamp()::text"));
  statements.push_back(ledger_sql::drained("contract"));
  return statements;
}

std::vector<std::string> ending(MoveWork& work) {
  auto statements = taken_back(work, work.ledger.undo_late);
  if (work.ledger.schema_created && work.plan.inventory.staying.empty()) {
    statements = {"drop schema if exists " + quote_identifier(work.plan.schemas.target)};
  }
  statements.push_back(ledger_sql::drop());
  return statements;
}

bool is_complete(const MovePlan& plan, const Ledger& ledger) {
  const bool settled = !ledger.exists || (ledger.switched == "contract" && ledger.drained);
  return plan.inventory.objects.empty() && plan.paths_are_final() && settled &&
         plan.revokes.empty() && !plan.undo;
}

void move_forward(MoveWork& work, const NameFilter& filter) {
  auto& plan = work.plan;
  if (plan.strategy == MoveStrategy::pause) {
    move_paused(work);
    return;
  }
  open_paths(work, "expand", preparation(work));
  move_planned(work, filter);
  plan.keep_source = plan.cluster_wide || !plan.inventory.staying.empty();
  close_paths(work, "contract", filter);
  if (!plan.revokes.empty()) {
    const StepClock clock(work, "revoke CREATE on schema " + plan.schemas.source);
    transact(work, revoking(plan));
  }
}

void move_back(MoveWork& work, const NameFilter& filter) {
  if (work.plan.strategy == MoveStrategy::pause) {
    move_paused(work);
    return;
  }
  open_paths(work, "return", taken_back(work, work.ledger.undo_early));
  move_planned(work, filter);
  close_paths(work, "restore", filter);
  const StepClock clock(work, "take back what was granted and forget the move");
  transact(work, ending(work));
}

} // namespace pgtool
