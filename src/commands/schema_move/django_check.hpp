#pragma once

#include "commands/schema_move/verify.hpp"
#include "django/project_models.hpp"

namespace pgtool {

/// What Django's own view of the database, through its own connection, says of the move: the path
/// that it has, and the tables of its models that it does not see although one of the two schemas
/// has them. Tables that are nowhere wait for a migration, which is told with the severity
/// `unapplied`: it may have been so before the move.
void check_view(MoveGround& ground, const MovePlan& plan, const DjangoView& view,
                Severity unapplied, MoveCheck& check);

} // namespace pgtool
