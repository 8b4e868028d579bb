#pragma once

#include "sql/definitions.hpp"

#include <string>

namespace pgtool {

/// Its name, or the one that the server chooses where no other object of the schema has it.
std::string constraint_name(const Relation& table, const ConstraintDefinition& constraint);

} // namespace pgtool
