#include "commands/migrate/idle_holders.hpp"

#include "connector/deploy_lock.hpp"

#include <fmt/core.h>

namespace pgtool {

bool IdleHolders::end(DirectSession& session, int pid, const std::string& who) {
  if (!age_ || pid == 0 || refused_.contains(pid)) {
    return false;
  }
  // Looked at and ended in one statement: it may have gone on since it was seen.
  const auto sent = session.connection().attempt(
      "select pg_terminate_backend(a.pid) as ended from pg_stat_activity a where a.pid = $1::int"
      " and a.state in ('idle in transaction', 'idle in transaction (aborted)')"
      " and clock_timestamp() - a.state_change >= make_interval(secs => $2::float8)"
      " and not exists (select from pg_locks l where l.pid = a.pid and l.locktype = 'advisory'"
      " and l.classid = $3::oid and l.objsubid = 2 and l.objid in ($4::oid, $5::oid))",
      {std::to_string(pid), fmt::format("{}", *age_), std::to_string(lock_class),
       std::to_string(deploy_lock_object), std::to_string(run_lock_object)});
  if (!sent.ok()) {
    refused_.insert(pid);
    say_(fmt::format("warning: {} could not be ended: {} (GRANT pg_signal_backend TO {} allows it)",
                     who, sent.refusal->message, session.facts().user));
    return false;
  }
  if (sent.rows.size() == 0 || !sent.rows.truth(0, "ended")) {
    return false;
  }
  ended_.push_back(who);
  say_("ended " + who + ", as --terminate-idle-in-transaction asks");
  return true;
}

} // namespace pgtool
