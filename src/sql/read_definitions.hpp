#pragma once

#include "sql/definitions.hpp"
#include "sql/parse_tree.hpp"

namespace pgtool {

/// A ColumnDef with its constraints.
ColumnDefinition column_of_definition(const Node& definition);

/// A Constraint of a table.
ConstraintDefinition constraint_of_definition(const Node& constraint);

/// Whether a Constraint is one that the model has: a check, a key, a reference, an exclusion.
bool is_table_constraint(const Node& constraint);

} // namespace pgtool
