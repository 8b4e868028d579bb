#pragma once

#include "commands/schema_move/move_work.hpp"
#include "plan/name_filter.hpp"

namespace pgtool {

/// Carries the plan out, there: expand, move, contract; what an earlier run has done is not done
/// again. Throws Error when it has to stop; work says how far it came.
void move_forward(MoveWork& work, const NameFilter& filter);

/// The way back: paths, objects, old settings, grants; then the record is dropped.
void move_back(MoveWork& work, const NameFilter& filter);

/// The statements of a move's two ends, as far as they are left to do: what has to be there before
/// the first path changes, and the record that every session has the last one (there); what was
/// granted, made and recorded (back).
std::vector<std::string> preparation(MoveWork& work);
/// What takes privileges back, but for roles that are gone; says which were left out.
std::vector<std::string> taken_back(MoveWork& work, const std::vector<PrivilegeChange>& changes);
std::vector<std::string> settling(MoveWork& work);
std::vector<std::string> ending(MoveWork& work);

/// Whether anything is left to do.
bool is_complete(const MovePlan& plan, const Ledger& ledger);

} // namespace pgtool
