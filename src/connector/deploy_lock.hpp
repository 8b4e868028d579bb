#pragma once

#include "connector/direct_session.hpp"

#include <functional>
#include <string>

namespace pgtool {

/// The keys of pgtool's advisory locks: `lock_class` ("pgto") is the first of each, the others are
/// "ol" and a number. Advisory locks are per database.
constexpr int lock_class = 0x7067746f;
constexpr int deploy_lock_object = 0x6f6c0001;
constexpr int run_lock_object = 0x6f6c0002;

/// Who holds the deploy lock, as far as this role may see.
struct LockHolder {
  int pid = 0;
  std::string text; ///< "pid 123 (application …, role …, from …, connected for 12 s)"
};

/// The words for whoever holds the deploy lock of that direct session's database; "" when nobody does
/// or it cannot be seen. Changes the session's path.
std::string deploy_at_work(Connection& session);

/// Takes the deploy lock of the session's database and then, for a moment, the run lock, so that no
/// statement of an earlier run whose pgtool died is still at work. Polls, since a blocked waiter
/// deadlocks with CREATE INDEX CONCURRENTLY. `waiting` is called when the wait begins and about
/// once a second; it may throw to end the wait. Throws Error(Failure::busy) naming the holder when
/// `wait` seconds pass. The lock is held until the session ends.
void take_deploy_lock(DirectSession& session, double wait,
                      const std::function<void(const LockHolder&)>& waiting);

} // namespace pgtool
