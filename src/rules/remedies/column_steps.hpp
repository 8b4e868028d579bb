#pragma once

#include "rules/remedies/safe_steps.hpp"
#include "sql/rewritten.hpp"

namespace pgtool {

/// NOT NULL by way of a check that is validated first, so that no row is looked at under the lock.
SafeSteps not_null_steps(const Relation& table, const std::string& column);

/// A check or foreign key NOT VALID and then validated; a unique constraint or primary key from an
/// index that is built before. None of another one, or of one that is such a step already.
SafeSteps constraint_steps(const Relation& table, const ConstraintSteps& constraint);

/// ADD COLUMN without a rewrite: the value of the old rows comes in batches. None where nobody
/// knows the value, or the base type.
SafeSteps added_column_steps(const Reading& reading, const ReadStep& step, const AlterPart& part);

/// A new type by way of a second column that a trigger fills, and that is swapped in.
SafeSteps type_steps(const action::ChangeColumnType& change, const AlterPart& part);

} // namespace pgtool
