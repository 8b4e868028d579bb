#include "connector/proofs.hpp"

#include "connector/deploy_lock.hpp"

#include <fmt/core.h>
#include <random>

namespace pgtool {
namespace {

Proof standby_proof(const SessionFacts& pooled, const SessionFacts& direct) {
  if (pooled.standby) {
    return {"not-standby", false, "the pooled session is on a standby"};
  }
  return {"not-standby", !direct.standby,
          direct.standby ? "it is a standby, nothing can be migrated there"
                         : "both sessions are on a primary"};
}

std::string what_differs(const SessionFacts& pooled, const SessionFacts& direct) {
  if (pooled.system_identifier != direct.system_identifier) {
    return fmt::format("it is another cluster: system identifier {} instead of {}",
                       direct.system_identifier, pooled.system_identifier);
  }
  if (pooled.server_start != direct.server_start) {
    return "it is another server, a copy of the cluster: system identifier " +
           direct.system_identifier + " is the same, the time it was started is not";
  }
  if (pooled.database != direct.database) {
    return fmt::format("it is another database: {} instead of {}", direct.database,
                       pooled.database);
  }
  return "it is another server: an advisory lock taken there is not seen through the pool";
}

/// Whether the pooled session sees that lock in the hands of that backend; nullopt when it cannot
/// be asked. One statement that changes nothing, so that it works in statement pooling, too; the
/// comment keeps Pgpool-II from asking a standby.
std::optional<bool> sees_lock(Connection& pooled, int key, int pid) {
  const auto answer = pooled.attempt(fmt::format(
      "/*NO LOAD BALANCE*/ select 1 as seen from pg_catalog.pg_locks l, pg_catalog.pg_database d"
      " where l.locktype operator(pg_catalog.=) 'advisory'"
      " and l.classid operator(pg_catalog.=) {} and l.objid operator(pg_catalog.=) {}"
      " and l.objsubid operator(pg_catalog.=) 2 and l.granted"
      " and l.pid operator(pg_catalog.=) {} and l.database operator(pg_catalog.=) d.oid"
      " and d.datname operator(pg_catalog.=) pg_catalog.current_database()",
      lock_class, key, pid));
  return answer.ok() ? std::optional(answer.rows.size() > 0) : std::nullopt;
}

/// The direct session takes the lock, not the pooled one: nothing can be stranded in the pool, and
/// a server that only pretends cannot make the real one show a lock of its backend.
Proof rendezvous(Connection& pooled, const SessionFacts& pooled_facts, Connection& direct,
                 const SessionFacts& direct_facts) {
  const int key = static_cast<int>(std::random_device{}() & 0x7fffffffU);
  const auto held =
      direct.attempt("begin").ok()
          ? direct.attempt(fmt::format("select pg_catalog.pg_try_advisory_xact_lock({}, {}) as got",
                                       lock_class, key))
          : Outcome{{}, Refusal{}};
  const auto seen_while_held = sees_lock(pooled, key, direct_facts.server_pid);
  direct.attempt("rollback");
  const auto seen_afterwards = sees_lock(pooled, key, direct_facts.server_pid);
  if (!held.ok() || !seen_while_held || !seen_afterwards) {
    return {"same-cluster", std::nullopt, "the advisory lock could not be tried on both sessions"};
  }
  const bool met = *seen_while_held && !*seen_afterwards;
  return {"same-cluster", met,
          met ? "an advisory lock of the direct session was seen through the pool"
              : what_differs(pooled_facts, direct_facts)};
}

} // namespace

Judgement judge_same_place(Connection& pooled, const SessionFacts& pooled_facts, Connection& direct,
                           const SessionFacts& direct_facts) {
  Judgement judgement;
  judgement.proofs.push_back(standby_proof(pooled_facts, direct_facts));
  if (judgement.proofs.back().holds == true) {
    judgement.proofs.push_back(rendezvous(pooled, pooled_facts, direct, direct_facts));
  }
  judgement.holds = judgement.proofs.back().holds == true;
  judgement.reason = judgement.holds ? "" : judgement.proofs.back().observed;
  return judgement;
}

} // namespace pgtool
