#include "rules/reading/type_change.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace pgtool {
namespace {

/// No modifier is no limit.
bool is_wider(const TypeName& from, const TypeName& to) {
  if (to.modifiers.empty()) {
    return true;
  }
  return !from.modifiers.empty() && to.modifiers.front() >= from.modifiers.front();
}

/// As many digits behind the point, and at least as many in all.
bool is_wider_numeric(const TypeName& from, const TypeName& to) {
  if (to.modifiers.empty()) {
    return true;
  }
  const auto scale = [](const TypeName& type) {
    return type.modifiers.size() > 1 ? type.modifiers[1] : 0;
  };
  return !from.modifiers.empty() && scale(from) == scale(to) && is_wider(from, to);
}

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool has_length(std::string_view name) {
  return is_one_of(name,
                   {"varchar", "varbit", "timestamp", "timestamptz", "time", "timetz", "interval"});
}

TypeChange of_same(const TypeName& from, const TypeName& to) {
  if (from.modifiers == to.modifiers) {
    return TypeChange::free;
  }
  const bool free =
      to.name == "numeric" ? is_wider_numeric(from, to) : has_length(to.name) && is_wider(from, to);
  return free ? TypeChange::free : TypeChange::rewrites;
}

/// Types whose values are stored alike, so that no row has to be touched.
bool is_stored_alike(const TypeName& from, const TypeName& to) {
  if (from.name == "varchar" && to.name == "text") {
    return true;
  }
  if (from.name == "text" && to.name == "varchar") {
    return to.modifiers.empty();
  }
  if (from.name == "cidr" && to.name == "inet") {
    return true;
  }
  if (is_one_of(from.name, {"citext", "xml"}) && is_one_of(to.name, {"text", "varchar"})) {
    return to.modifiers.empty();
  }
  return is_one_of(from.name, {"bit"}) && to.name == "varbit" && is_wider(from, to);
}

/// What may have been another width of itself before.
TypeChange of_target(const TypeName& to) {
  return is_one_of(to.name, {"text", "varchar", "numeric", "varbit"}) && !to.array
             ? TypeChange::not_known
             : TypeChange::rewrites;
}

} // namespace

TypeChange type_change(const std::optional<TypeName>& from, const TypeName& to) {
  if (!from) {
    return of_target(to);
  }
  if (from->array != to.array) {
    return TypeChange::rewrites;
  }
  if (from->name == to.name &&
      (from->schema == to.schema || from->schema.empty() || to.schema.empty())) {
    return of_same(*from, to);
  }
  if (from->array) {
    return TypeChange::rewrites;
  }
  const bool are_times = is_one_of(from->name, {"timestamp", "timestamptz"}) &&
                         is_one_of(to.name, {"timestamp", "timestamptz"});
  if (are_times) {
    return from->modifiers == to.modifiers ? TypeChange::free_in_utc : TypeChange::rewrites;
  }
  return is_stored_alike(*from, to) ? TypeChange::free : TypeChange::rewrites;
}

} // namespace pgtool
