#include "sql/constraint_name.hpp"

#include "base/text.hpp"

namespace pgtool {
namespace {

constexpr std::size_t longest_name = 63;

/// As makeObjectName() does it: the longer one of table and columns is cut.
std::string object_name(std::string table, std::string columns, const std::string& kind) {
  const auto rest = kind.size() + (columns.empty() ? 1 : 2);
  while (table.size() + columns.size() + rest > longest_name) {
    (table.size() > columns.size() ? table : columns).pop_back();
  }
  return table + (columns.empty() ? "" : "_" + columns) + "_" + kind;
}

} // namespace

std::string constraint_name(const Relation& table, const ConstraintDefinition& constraint) {
  if (!constraint.name.empty()) {
    return constraint.name;
  }
  const auto columns = join(constraint.columns, "_");
  switch (constraint.kind) {
  case ConstraintKind::check:
    return object_name(table.name, constraint.columns.size() == 1 ? columns : "", "check");
  case ConstraintKind::foreign_key:
    return object_name(table.name, columns, "fkey");
  case ConstraintKind::primary_key:
    return object_name(table.name, "", "pkey");
  case ConstraintKind::exclusion:
    return object_name(table.name, columns, "excl");
  case ConstraintKind::unique:
    break;
  }
  return object_name(table.name, columns, "key");
}

} // namespace pgtool
