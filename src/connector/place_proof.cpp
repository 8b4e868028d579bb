#include "connector/proofs.hpp"

#include "pooler/pool_mode.hpp"

#include <fmt/core.h>
#include <random>

namespace pgtool {
namespace {

// "pgto" as a number: the first key of every advisory lock of pgtool.
constexpr int lock_space = 0x7067746f;

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
  return "it is another server: an advisory lock of the pooled session is not seen there";
}

/// Tries the lock for the length of one statement; nullopt when it could not be tried.
std::optional<bool> lock_is_free(Connection& session, int key) {
  const auto answer = session.attempt(
      fmt::format("select pg_try_advisory_xact_lock({}, {}) as got", lock_space, key));
  return answer.ok() ? std::optional(answer.rows.truth(0, "got")) : std::nullopt;
}

Proof rendezvous(Connection& pooled, const SessionFacts& pooled_facts, Connection& direct,
                 const SessionFacts& direct_facts) {
  const int key = static_cast<int>(std::random_device{}() & 0x7fffffffU);
  if (const auto begin = pooled.attempt("begin"); !begin.ok()) {
    if (refuses_transactions(*begin.refusal)) {
      return identifier_proof(pooled_facts, direct_facts);
    }
    return {"same-cluster", std::nullopt,
            "the pooled session cannot begin a transaction: " + begin.refusal->message};
  }
  const bool held = lock_is_free(pooled, key).value_or(false);
  const auto free_while_held = lock_is_free(direct, key);
  pooled.attempt("rollback");
  const auto free_afterwards = lock_is_free(direct, key);
  if (!held || !free_while_held || !free_afterwards) {
    return {"same-cluster", std::nullopt, "the advisory lock could not be tried on both sessions"};
  }
  const bool met = !*free_while_held && *free_afterwards;
  return {"same-cluster", met,
          met ? "an advisory lock of the pooled session was met on the direct one"
              : what_differs(pooled_facts, direct_facts)};
}

} // namespace

Proof identifier_proof(const SessionFacts& pooled, const SessionFacts& direct) {
  if (pooled.system_identifier.empty() || direct.system_identifier.empty()) {
    return {"same-cluster", std::nullopt, "the system identifier may not be read by this role"};
  }
  const bool same = pooled.system_identifier == direct.system_identifier &&
                    pooled.server_start == direct.server_start &&
                    pooled.database == direct.database;
  return {"same-cluster", same,
          same ? fmt::format("same system identifier {}, start of the server and database {}",
                             direct.system_identifier, direct.database)
               : what_differs(pooled, direct)};
}

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
