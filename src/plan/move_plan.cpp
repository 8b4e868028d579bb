#include "plan/move_plan.hpp"

#include "base/text.hpp"
#include "sql/quote.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace pgtool {
namespace {

std::string plural(const std::string& type, std::int64_t number) {
  const bool ends_in_y = type.ends_with("family");
  return number == 1                   ? type
         : ends_in_y                   ? type.substr(0, type.size() - 1) + "ies"
         : type.ends_with("class")     ? type + "es"
         : type == "statistics object" ? "statistics objects"
                                       : type + "s";
}

} // namespace

std::string MoveObject::statement(const std::string& schema) const {
  return fmt::format("ALTER {} {} SET SCHEMA {}", kind->keyword, identity,
                     quote_identifier(schema));
}

std::vector<std::pair<std::string, std::int64_t>> SchemaInventory::counts() const {
  std::vector<std::pair<std::string, std::int64_t>> counts;
  for (const auto& kind : object_kinds()) {
    std::int64_t number = 0;
    for (const auto& object : objects) {
      number += object.kind == &kind ? 1 : 0;
    }
    if (number > 0) {
      counts.emplace_back(kind.type, number);
    }
  }
  return counts;
}

std::optional<SearchPath> MovePlan::during(const RoleMove& role) const {
  if (!leads_to(role.before, schemas.source, role.role)) {
    return role.setting ? parse_search_path(*role.setting) : std::nullopt;
  }
  return undo ? path_after_moving(role.before, schemas, role.role, true)
              : path_while_moving(role.before, schemas, role.role);
}

std::optional<SearchPath> MovePlan::after(const RoleMove& role) const {
  if (undo) {
    return role.old_setting ? parse_search_path(*role.old_setting) : std::nullopt;
  }
  if (!leads_to(role.before, schemas.source, role.role)) {
    return role.setting ? parse_search_path(*role.setting) : std::nullopt;
  }
  return path_after_moving(role.before, schemas, role.role, keep_source);
}

bool MovePlan::is_set(const RoleMove& role, const std::optional<SearchPath>& path) {
  return role.setting ? path && parse_search_path(*role.setting) == path : !path;
}

bool MovePlan::paths_are_final() const {
  return std::all_of(roles.begin(), roles.end(),
                     [&](const auto& role) { return is_set(role, after(role)); });
}

std::string counted(const SchemaInventory& inventory) {
  std::vector<std::string> words;
  for (const auto& [type, number] : inventory.counts()) {
    words.push_back(fmt::format("{} {}", number, plural(type, number)));
  }
  return words.empty() ? "nothing" : join(words, ", ");
}

} // namespace pgtool
