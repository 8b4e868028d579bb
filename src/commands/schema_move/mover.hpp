#pragma once

#include "commands/schema_move/move_work.hpp"

#include <string>

namespace pgtool {

/// How long the tries to lock one object may be, in milliseconds of lock_timeout.
struct LockPatience {
  int first = 100;
  int longest = 1500; ///< autovacuum gives way at deadlock_timeout (1 s), so above that
  int inner = 100;    ///< for what is locked while the table is already ours
};

/// Reads deadlock_timeout, and takes --lock-timeout into account.
LockPatience lock_patience(Connection& session, double asked);

/// The statements of one object's transaction, after `begin`: a table is locked first, alone and
/// under a lock_timeout, so that we hold nothing while we wait and so are never part of a deadlock;
/// then everything else under a very short one, since an application that uses an owned sequence
/// and waits for the table would otherwise lose a deadlock to us (facts: measured). What was moved
/// is noted in the same transaction.
std::vector<std::string> move_statements(const MovePlan& plan, const MoveObject& object,
                                         int lock_timeout, int inner_timeout);

/// Moves every object of the plan, one short transaction each. An object whose lock cannot be had
/// is tried again with back-off and jitter until --move-timeout is over; who holds it is named.
/// Throws Error(Failure::stopped) that says what was moved and what was not.
void move_objects(MoveWork& work);

} // namespace pgtool
