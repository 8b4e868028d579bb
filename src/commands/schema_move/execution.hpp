#pragma once

#include "commands/schema_move/move_work.hpp"
#include "plan/name_filter.hpp"

namespace pgtool {

/// Carries the plan out, there: expand, move, contract; what an earlier run has done is not done
/// again. Throws Error when it has to stop; work says how far it came.
void move_forward(MoveWork& work, const NameFilter& filter);

/// The way back: paths, objects, old settings, grants; then the record is dropped.
void move_back(MoveWork& work, const NameFilter& filter);

/// Whether anything is left to do.
bool is_complete(const MovePlan& plan, const Ledger& ledger);

} // namespace pgtool
