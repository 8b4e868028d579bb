#pragma once

#include "sql/definitions.hpp"

#include <optional>
#include <string>

namespace pgtool {

/// The type as Django or format_type() writes it: "character varying(50)", "numeric(10, 2)",
/// "integer[]". Nothing for what the parser does not take for a type.
std::optional<TypeName> type_named(const std::string& text);

} // namespace pgtool
