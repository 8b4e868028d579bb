#pragma once

#include "commands/schema_move/move_work.hpp"

namespace pgtool {

/// Carries the plan out, there or back, in one transaction while PgBouncer holds its clients back:
/// paths, objects and record change at once, and every session that the pooler opens afterwards has
/// the new path. Nothing is changed when the pause cannot be had, when sessions that bypass the
/// pooler are open (they would keep their path), or when the pause ends before the commit. The
/// pause is over when this returns or throws. Throws Error(Failure::busy) where it may be tried
/// again.
void move_paused(MoveWork& work);

} // namespace pgtool
