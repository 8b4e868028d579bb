#pragma once

#include <span>
#include <string>
#include <string_view>

namespace pgtool {

/// A kind of object that lives in a schema and can move to another.
struct ObjectKind {
  std::string_view type;    ///< as pg_identify_object() calls it
  std::string_view keyword; ///< behind ALTER
  /// LOCK TABLE knows it: it is locked before it is altered.
  bool lockable = false;
};

/// All kinds, in the order in which they move. What has types in its signature comes first, since
/// its identity names their schema; sequences and tables come late; what is defined upon a table
/// comes last.
std::span<const ObjectKind> object_kinds();

/// The kind of that type; null when no ALTER … SET SCHEMA exists for it.
const ObjectKind* find_object_kind(std::string_view type);

} // namespace pgtool
