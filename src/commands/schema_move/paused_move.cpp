#include "commands/schema_move/paused_move.hpp"

#include "base/error.hpp"
#include "base/signals.hpp"
#include "base/text.hpp"
#include "commands/schema_move/drain.hpp"
#include "commands/schema_move/execution.hpp"
#include "commands/schema_move/role_settings.hpp"
#include "connector/pause_guard.hpp"
#include "sql/quote.hpp"

#include <fmt/core.h>

namespace pgtool {
namespace {

constexpr double margin = 0.3; ///< seconds that are left for the commit and the way back

PauseOrder order_of(const MoveWork& work) {
  auto order = work.recycler.pause_order();
  order.seconds = work.options.pause_timeout;
  order.timeout = work.options.common.connect.timeout;
  return order;
}

/// One transaction that stops when the pause does.
class PausedTransaction {
public:
  PausedTransaction(MoveWork& work, PauseGuard& guard) : work_(work), guard_(guard) {
    work_.connection().query("begin");
  }
  ~PausedTransaction() {
    if (!committed_) {
      work_.connection().attempt("rollback");
    }
  }
  PausedTransaction(const PausedTransaction&) = delete;
  PausedTransaction& operator=(const PausedTransaction&) = delete;

  void run(const std::string& sql) {
    const double left = expect_pause();
    const auto limit =
        fmt::format("set local lock_timeout = '{}ms'; ", static_cast<int>(left * 1000));
    const auto outcome = work_.connection().attempt(limit + sql);
    if (!outcome.ok()) {
      const bool lock =
          outcome.refusal->sqlstate == "55P03" || outcome.refusal->sqlstate == "40P01";
      throw Error(lock ? Failure::busy : Failure::unknown,
                  outcome.refusal->message + " (" + sql + ")",
                  lock ? "somebody beside the pooler holds it: try again, or longer with "
                         "--pause-timeout"
                       : "");
    }
  }

  void commit() {
    expect_pause();
    work_.changed = true; // whatever becomes of the answer
    work_.connection().query("commit");
    committed_ = true;
  }

private:
  /// Seconds that are left. Without the pause clients are at work, with the old path.
  double expect_pause() {
    const double left = guard_.left() - margin;
    if (!guard_.in_force() || left <= 0) {
      throw Error(Failure::busy, "the pause ended before the work was done",
                  "try again with a longer --pause-timeout, or use --strategy expand");
    }
    return left;
  }

  MoveWork& work_;
  PauseGuard& guard_;
  bool committed_ = false;
};

/// Sessions that do not come from the pooler keep their path whatever the pooler does.
void expect_no_others(MoveWork& work) {
  const auto now = work.connection().query("select clock_timestamp()::text as now").text(0, "now");
  Drain drain(work, now);
  drain.look_first();
  auto others = drain.look();
  // Those that the pooler closed a moment ago are still on their way out.
  for (int i = 0; i < 50 && !others.empty(); ++i) {
    wait_interruptibly(0.02);
    others = drain.look();
  }
  if (!others.empty()) {
    throw Error(Failure::busy,
                fmt::format("{} open beside the pooler, as {}",
                            others.size() == 1 ? "a session is"
                                               : fmt::format("{} sessions are", others.size()),
                            others.front().text),
                "end them, or use --strategy expand, which waits for them");
  }
}

void change_paths(MoveWork& work, PausedTransaction& transaction) {
  for (auto& role : work.plan.roles) {
    const auto path = work.plan.after(role);
    if (MovePlan::is_set(role, path)) {
      continue;
    }
    transaction.run(ledger_sql::old_setting(role.role, role.old_setting));
    const auto sql = alter_path_sql(role.role, work.plan.database, work.plan.cluster_wide, path);
    if (role.session != 0) {
      throw Error(Failure::internal, "the path of role " + role.role +
                                         " was to be changed in another session than the rest");
    }
    transaction.run(sql);
    role.setting = path ? std::optional(search_path_text(*path)) : std::nullopt;
  }
}

void change_everything(MoveWork& work, PauseGuard& guard) {
  auto& plan = work.plan;
  PausedTransaction transaction(work, guard);
  for (const auto& statement :
       plan.undo ? taken_back(work, work.ledger.undo_early) : preparation(work)) {
    transaction.run(statement);
  }
  for (const auto& object : plan.inventory.objects) {
    transaction.run(object.statement(plan.filled()));
    transaction.run(plan.undo ? ledger_sql::forget_object(object)
                              : ledger_sql::object(object, plan.emptied()));
  }
  change_paths(work, transaction);
  for (const auto& statement : plan.undo ? ending(work) : settling(work)) {
    transaction.run(statement);
  }
  transaction.commit();
  work.moved = plan.inventory.objects.size();
  work.ledger.exists = !plan.undo;
}

void end_pause(MoveWork& work, PauseGuard& guard) {
  const auto end = guard.end();
  if (!end.resumed) {
    throw Error(Failure::stopped,
                "THE POOLER MAY STILL BE PAUSED: its clients wait until somebody resumes it",
                "type: " + join(end.commands, "; "));
  }
  if (!end.early.empty()) {
    work.context.say("the pause ended by itself: " + end.early);
  }
}

} // namespace

void move_paused(MoveWork& work) {
  const StepClock clock(work, fmt::format("move {} while the pooler holds its clients back",
                                          counted(work.plan.inventory)));
  const auto began = Clock::now();
  auto guard = PauseGuard::begin(order_of(work), work.context.say);
  if (!guard.why_not().empty()) {
    throw Error(Failure::busy, "the pooler was not paused: " + guard.why_not(),
                "try again, or use --strategy expand, which needs no pause");
  }
  expect_no_others(work);
  change_everything(work, guard);
  end_pause(work, guard);
  work.context.say(fmt::format("clients waited for {:.2f} s",
                               std::chrono::duration<double>(Clock::now() - began).count()));
}

} // namespace pgtool
