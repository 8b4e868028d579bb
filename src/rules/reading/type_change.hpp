#pragma once

#include "sql/definitions.hpp"

namespace pgtool {

enum class TypeChange {
  free,        ///< only the catalog changes
  free_in_utc, ///< the same where the session's TimeZone is UTC, otherwise the table is rewritten
  rewrites,    ///< or every row is looked at
  not_known,   ///< it depends on the type that the column has
};

/// What ALTER COLUMN … TYPE does to the table: ATColumnChangeRequiresRewrite() of PostgreSQL 12 to
/// 18, and the support functions of varchar, numeric, bit, timestamp and interval. Without `from`
/// it is guessed from the new type alone whether it may be free.
TypeChange type_change(const std::optional<TypeName>& from, const TypeName& to);

} // namespace pgtool
