#include "commands/schema_move/findings.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <fmt/core.h>

namespace pgtool {

std::set<std::string> moving_names(const MovePlan& plan, std::string_view type) {
  std::set<std::string> names;
  for (const auto& object : plan.inventory.objects) {
    if (type.empty() || object.kind->type == type) {
      names.insert(object.name);
    }
  }
  return names;
}

std::string listed(const std::vector<std::string>& names) {
  constexpr std::size_t most = 8;
  if (names.size() <= most) {
    return join(names, ", ");
  }
  const std::vector<std::string> first(names.begin(), names.begin() + most);
  return fmt::format("{} and {} more", join(first, ", "), names.size() - most);
}

Findings move_findings(const MoveScene& scene) {
  constexpr std::array rules = {clash_findings, privilege_findings, replication_findings,
                                text_findings,  path_findings,      django_findings,
                                role_findings,  record_findings,    session_findings};
  Findings all;
  for (const auto& rule : rules) {
    auto found = rule(scene);
    all.insert(all.end(), std::make_move_iterator(found.begin()),
               std::make_move_iterator(found.end()));
  }
  std::stable_sort(all.begin(), all.end(), [](const auto& one, const auto& other) {
    return one.severity > other.severity;
  });
  return all;
}

} // namespace pgtool
