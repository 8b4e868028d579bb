#include "commands/migrate/idle_holders.hpp"

#include "connector/deploy_lock.hpp"

#include <fmt/core.h>

namespace pgtool {

bool IdleHolders::end(DirectSession& session, int pid, const std::string& who,
                      const std::string& migration, const Say& say) {
  if (!age_ || pid == 0 || refused_.contains(pid)) {
    return false;
  }
  // Looked at and ended in one statement: it may have gone on since it was seen.
  const auto sent = session.connection().attempt(
      "select a.state is null and a.backend_type is null as hidden,"
      " case when a.state in ('idle in transaction', 'idle in transaction (aborted)')"
      " and clock_timestamp() - a.state_change >= make_interval(secs => $2::float8)"
      " and not exists (select from pg_locks l where l.pid = a.pid and l.locktype = 'advisory'"
      " and l.classid = $3::oid and l.objsubid = 2 and l.objid in ($4::oid, $5::oid))"
      " then pg_terminate_backend(a.pid) end as ended from pg_stat_activity a where a.pid = "
      "$1::int",
      {std::to_string(pid), fmt::format("{}", *age_), std::to_string(lock_class),
       std::to_string(deploy_lock_object), std::to_string(run_lock_object)});
  if (!sent.ok()) {
    refuse(session, pid, who, sent.refusal->message, say);
    return false;
  }
  if (sent.rows.truth(0, "hidden")) {
    refuse(session, pid, who, "whether it is idle in a transaction may not be seen", say);
    return false;
  }
  if (!sent.rows.truth(0, "ended")) {
    return false;
  }
  ended_.push_back(who);
  trace_.add("terminate", Value::object({{"migration", migration}, {"session", who}}));
  say("ended " + who + ", as --terminate-idle-in-transaction asks");
  return true;
}

void IdleHolders::refuse(DirectSession& session, int pid, const std::string& who,
                         const std::string& why, const Say& say) {
  refused_.insert(pid);
  const auto missing = session.connection().attempt(
      "select string_agg(name, ', ') as roles from unnest(array['pg_read_all_stats',"
      " 'pg_signal_backend']) name where not pg_has_role(current_user, name, 'usage')");
  const auto roles = missing.ok() ? missing.rows.text(0, "roles") : "";
  say(fmt::format("warning: {} could not be ended: {}{}", who, why,
                  roles.empty() ? ""
                                : fmt::format(" (GRANT {} TO {} would allow it)", roles,
                                              session.facts().user)));
}

} // namespace pgtool
