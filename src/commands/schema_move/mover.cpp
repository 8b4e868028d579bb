#include "commands/schema_move/mover.hpp"

#include "base/error.hpp"
#include "base/signals.hpp"
#include "base/text.hpp"
#include "commands/schema_move/blockers.hpp"
#include "commands/schema_move/inventory.hpp"
#include "commands/schema_move/request_timeouts.hpp"
#include "sql/quote.hpp"

#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <random>

namespace pgtool {
namespace {

constexpr double progress_every = 2; ///< seconds

/// Refusals after which the same transaction may well go through: a lock that was not had in time,
/// a deadlock that we lost, a row of the catalog that somebody else changed just then.
bool is_worth_another_try(const Refusal& refusal) {
  constexpr std::array<std::string_view, 3> passing = {"55P03", "40P01", "40001"};
  return std::find(passing.begin(), passing.end(), refusal.sqlstate) != passing.end() ||
         refusal.message.starts_with("tuple concurrently ");
}

bool is_not_there(const Refusal& refusal) {
  constexpr std::array<std::string_view, 3> missing = {"42P01", "42704", "42883"};
  return std::find(missing.begin(), missing.end(), refusal.sqlstate) != missing.end();
}

std::string timeout_sql(int milliseconds) {
  return fmt::format("set local lock_timeout = '{}ms'", milliseconds);
}

class Mover {
public:
  explicit Mover(MoveWork& work)
      : work_(work), patience_(lock_patience(work.connection(), work.options.lock_timeout)) {
    respect_requests();
  }

  void run() {
    for (auto& object : work_.plan.inventory.objects) {
      move(object);
      tell_progress();
    }
  }

private:
  /// A request that queues behind our try must not run into its own timeout: a try lasts a third of
  /// that at most.
  void respect_requests() {
    const auto timeout = shortest_request_timeout(work_);
    if (timeout && timeout->milliseconds / 3 < patience_.longest) {
      patience_.longest = std::max(timeout->milliseconds / 3, 1);
      patience_.first = std::min(patience_.first, patience_.longest);
      patience_.inner = std::min(patience_.inner, patience_.longest);
      work_.context.say(
          fmt::format("requests end after {} ms ({}), so a lock is tried for {} ms at "
                      "most",
                      timeout->milliseconds, timeout->where, patience_.longest));
    }
  }

  void move(MoveObject& object) {
    const auto began = Clock::now();
    int lock_timeout = patience_.first;
    for (;;) {
      const auto refusal = attempt(object, lock_timeout);
      if (!refusal) {
        ++work_.moved;
        work_.changed = true;
        return;
      }
      if (is_not_there(*refusal)) {
        if (is_settled(object, *refusal)) {
          return;
        }
      } else if (!is_worth_another_try(*refusal)) {
        stop(object, refusal->message, "");
      } else {
        wait_after(object, *refusal, began, lock_timeout);
        lock_timeout = std::min(lock_timeout * 2, patience_.longest);
      }
    }
  }

  std::optional<Refusal> attempt(const MoveObject& object, int lock_timeout) {
    auto& session = work_.connection();
    const auto statements = move_statements(work_.plan, object, lock_timeout, patience_.inner);
    const auto outcome = session.attempt("begin; " + join(statements, "; ") + "; commit");
    if (outcome.ok()) {
      return std::nullopt;
    }
    if (outcome.refusal->broken) {
      throw SqlError(Failure::stopped, *outcome.refusal);
    }
    session.attempt("rollback");
    return outcome.refusal;
  }

  /// It was moved along with another one, was dropped meanwhile, or is called otherwise since what
  /// its signature names has moved.
  bool is_settled(MoveObject& object, const Refusal& refusal) {
    const auto identity = identity_of(work_.connection(), object);
    if (identity.empty() || !is_in_schema(work_.connection(), object, work_.plan.emptied())) {
      return true;
    }
    if (identity == object.identity) {
      stop(object, refusal.message, ""); // something else is missing, as in an event trigger
    }
    object.identity = identity;
    return false;
  }

  void wait_after(const MoveObject& object, const Refusal& refusal, Clock::time_point began,
                  int& lock_timeout) {
    const auto blockers = blockers_of(work_.connection(), object);
    const double spent = std::chrono::duration<double>(Clock::now() - began).count();
    if (spent > work_.options.move_timeout) {
      stop(object,
           fmt::format("its lock could not be had within {:g} s: {}", work_.options.move_timeout,
                       blockers.text.empty() ? refusal.message : blockers.text),
           "end what holds it, or try longer with --move-timeout");
    }
    if (blockers.autovacuum) { // it gives way to whoever waits longer than deadlock_timeout
      lock_timeout = patience_.longest;
    }
    if (spent > 1 && !blockers.text.empty()) {
      tell(object, blockers.text);
    }
    // Those who queued behind our try get their turn first.
    const double pause = 0.002 * lock_timeout;
    wait_interruptibly(pause * std::uniform_real_distribution<double>(0.5, 1.5)(random_));
  }

  void tell(const MoveObject& object, const std::string& blockers) {
    const auto text = fmt::format("{} is held by {}", object.identity, blockers);
    if (std::exchange(told_, text) != text) {
      work_.context.say(text + "; trying again");
    }
  }

  void tell_progress() {
    if (std::chrono::duration<double>(Clock::now() - progress_).count() > progress_every) {
      progress_ = Clock::now();
      work_.context.say(
          fmt::format("moved {} of {}", work_.moved, work_.plan.inventory.objects.size()));
    }
  }

  [[noreturn]] static void stop(const MoveObject& object, const std::string& why,
                                const std::string& hint) {
    throw Error(Failure::stopped,
                fmt::format("{} {} was not moved: {}", object.kind->type, object.identity, why),
                hint);
  }

  MoveWork& work_;
  LockPatience patience_;
  Clock::time_point progress_ = Clock::now();
  std::string told_;
  std::minstd_rand random_{std::random_device{}()};
};

} // namespace

LockPatience lock_patience(Connection& session, double asked) {
  const auto deadlock =
      parse_integer(session.query("select setting from pg_settings where name = 'deadlock_timeout'")
                        .text(0, "setting"))
          .value_or(1000);
  LockPatience patience;
  // At most twice deadlock_timeout (facts: measured), far enough above it for autovacuum.
  patience.longest =
      asked > 0 ? static_cast<int>(asked * 1000) : static_cast<int>(deadlock * 3 / 2);
  patience.first = std::min(patience.first, patience.longest);
  patience.inner = std::max(10, std::min(patience.inner, static_cast<int>(deadlock / 4)));
  return patience;
}

std::vector<std::string> move_statements(const MovePlan& plan, const MoveObject& object,
                                         int lock_timeout, int inner_timeout) {
  std::vector<std::string> statements = {timeout_sql(lock_timeout)};
  if (object.kind->lockable) {
    statements.push_back("lock table only " + object.identity + " in access exclusive mode");
    statements.push_back(timeout_sql(inner_timeout));
  }
  statements.push_back(object.statement(plan.filled()));
  statements.push_back(plan.undo ? ledger_sql::forget_object(object)
                                 : ledger_sql::object(object, plan.emptied()));
  return statements;
}

void move_objects(MoveWork& work) { Mover(work).run(); }

} // namespace pgtool
