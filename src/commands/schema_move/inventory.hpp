#pragma once

#include "pg/connection.hpp"
#include "plan/move_plan.hpp"
#include "plan/name_filter.hpp"

#include <string>

namespace pgtool {

/// Everything in the schema that can move by itself, in the order in which it moves, and what
/// stays: members of extensions, and what the filter does not take. Sequences that a column owns,
/// indexes, constraints, triggers, policies, row and array types are no objects of their own here:
/// they go with their table or type. Reads the catalog only; throws SqlError.
SchemaInventory read_inventory(Connection& session, const std::string& schema,
                               const NameFilter& filter);

/// Whether an object is there, and in that schema.
bool is_in_schema(Connection& session, const MoveObject& object, const std::string& schema);

/// Its identity as it is now, after what it is made of may have moved; "" when it is gone.
std::string identity_of(Connection& session, const MoveObject& object);

} // namespace pgtool
