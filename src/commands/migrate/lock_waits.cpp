#include "commands/migrate/lock_waits.hpp"

#include "base/text.hpp"

#include <string>
#include <utility>

namespace pgtool {
namespace {

/// Seconds for which that backend has been waiting for a lock; no row when it is not. Before
/// PostgreSQL 14 nobody tells since when: from the statement's begin then, which is not later.
std::string waiting_query(const SessionFacts& facts) {
  const std::string began =
      facts.server_version_number >= 140000
          ? "coalesce((select min(l.waitstart) from pg_locks l where l.pid = a.pid and not "
            "l.granted), a.query_start)"
          : "a.query_start";
  return "select extract(epoch from clock_timestamp() - " + began +
         ") as seconds from pg_stat_get_activity($1::int) a where a.wait_event_type = 'Lock'";
}

} // namespace

void LockWaits::watch(DirectSession& session, int pid) {
  take(pid);
  watched_[pid] = Watched{&session, 0, {}, {}};
}

void LockWaits::note(int pid, Watched& watched, std::optional<double> waiting) {
  // Another wait than before, when it has lasted for less: that one ended in between.
  if (watched.now && (!waiting || *waiting < *watched.now)) {
    const auto ended = *watched.now + seconds_since(watched.seen);
    watched.ended += ended;
    totals_[pid] += ended;
  }
  watched.now = waiting;
  watched.seen = Clock::now();
}

void LockWaits::forget_all() {
  for (auto& [pid, watched] : watched_) {
    note(pid, watched, std::nullopt);
  }
  watched_.clear();
}

void LockWaits::look() {
  if (Clock::now() - looked_ < between_looks) {
    return;
  }
  for (auto& [pid, watched] : watched_) {
    const auto found = watched.session->connection().attempt(
        waiting_query(watched.session->facts()), {std::to_string(pid)});
    if (found.ok()) {
      note(pid, watched,
           found.rows.size() > 0 ? parse_real(found.rows.text(0, "seconds")) : std::nullopt);
    }
  }
  looked_ = Clock::now();
}

double LockWaits::take(int pid) {
  const auto found = watched_.find(pid);
  if (found == watched_.end()) {
    return 0;
  }
  note(pid, found->second, std::nullopt);
  return std::exchange(found->second.ended, 0);
}

double LockWaits::total(int pid) {
  if (const auto found = watched_.find(pid); found != watched_.end()) {
    note(pid, found->second, std::nullopt);
  }
  return totals_[pid];
}

double LockWaits::waiting(int pid) const {
  const auto found = watched_.find(pid);
  return found != watched_.end() && found->second.now ? found->second.ended + *found->second.now
                                                      : 0;
}

} // namespace pgtool
