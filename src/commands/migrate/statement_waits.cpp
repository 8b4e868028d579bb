#include "commands/migrate/statement_waits.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace pgtool {
namespace {

using std::chrono::milliseconds;

/// Shorter waits are everyday life, and not told.
constexpr double worth_telling = 0.5;
/// A wait that goes on is told again, with how many queue behind it by then.
constexpr double told_again = 30;
/// lock_timeout itself comes first where there is one lock only.
constexpr double slack = 0.05;
/// After that many seconds a wait is no longer measured to the hundredth.
constexpr double long_wait = 60;

} // namespace

void StatementWaits::begin(const WatchedStatement& statement, bool anew) {
  if (anew || !watched_.contains(statement.pid)) {
    waits_.watch(*statement.session, statement.pid);
  }
  watched_[statement.pid] = {statement, Clock::now()};
  cancelled_.erase(statement.pid);
}

void StatementWaits::end_all() {
  waits_.forget_all();
  watched_.clear();
}

std::string StatementWaits::take_cancelled(int pid) {
  // With a thread's connection the pid of what failed may be another one's.
  const auto found = cancelled_.contains(pid) ? cancelled_.find(pid) : cancelled_.begin();
  const auto why = found == cancelled_.end() ? std::string() : found->second;
  cancelled_.clear();
  return why;
}

milliseconds StatementWaits::look() {
  waits_.look();
  bool quick = false;
  for (auto& [pid, watched] : watched_) {
    const auto& statement = watched.statement;
    const auto waiting = waits_.waiting(pid);
    quick = quick || (statement.strong && seconds_since(watched.began) < long_wait);
    if (waiting <= 0 || cancelled_.contains(pid)) {
      continue;
    }
    if (statement.allowed > 0 && waiting > statement.allowed + slack) {
      cancel(watched, "a lock was not had in time");
      continue;
    }
    look_who_blocks(watched);
  }
  return quick ? LockWaits::between_looks : milliseconds(250);
}

void StatementWaits::look_who_blocks(Watched& watched) {
  const auto& statement = watched.statement;
  const bool acts = policy_.cancel_when_queued > 0 || idle_.wanted();
  const auto waiting = waits_.waiting(statement.pid);
  if (seconds_since(watched.looked) < (acts ? 0.1 : 0.25) || (!acts && waiting < worth_telling)) {
    return;
  }
  watched.looked = Clock::now();
  const auto found = blocked(*statement.session, statement.pid);
  if (!found) {
    return;
  }
  std::string pids;
  bool hidden = false;
  for (const auto& blocker : found->by) {
    const auto say = [&](const std::string& line) { say_(statement.from, line); };
    idle_.end(*statement.session, blocker.pid, blocker.who, statement.migration, say);
    pids += std::to_string(blocker.pid) + " ";
    hidden = hidden || blocker.hidden;
  }
  const auto words = words_of(*found);
  if (waiting >= worth_telling &&
      (pids != watched.blockers || seconds_since(watched.told) >= told_again)) {
    watched.blockers = pids;
    watched.told = Clock::now();
    say_(statement.from, statement.migration + " waits for " + words);
    trace_.add("wait", Value::object({{"migration", statement.migration},
                                      {"seconds", waiting},
                                      {"queued", found->queued},
                                      {"for", words}}));
    if (hidden && !std::exchange(told_of_rights_, true)) {
      say_(statement.from, fmt::format("grant pg_read_all_stats to {} shows more of them",
                                       statement.session->facts().user));
    }
  }
  if (policy_.cancel_when_queued > 0 && found->queued >= policy_.cancel_when_queued) {
    ++given_up_;
    cancel(watched, fmt::format("its request was given up, as {} {} queued behind it",
                                found->queued, found->queued == 1 ? "session" : "sessions"));
  }
}

void StatementWaits::cancel(const Watched& watched, const std::string& why) {
  const auto& statement = watched.statement;
  const auto sent = statement.session->connection().attempt(
      "select pg_cancel_backend(pid) from pg_stat_get_activity($1::int)"
      " where wait_event_type = 'Lock'",
      {std::to_string(statement.pid)});
  if (sent.ok() && sent.rows.size() > 0) {
    cancelled_[statement.pid] = why;
    trace_.add("cancel", Value::object({{"migration", statement.migration}, {"why", why}}));
  }
}

} // namespace pgtool
