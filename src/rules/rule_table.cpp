#include "rules/rule_table.hpp"

#include "base/text.hpp"
#include "rules/all_rules.hpp"

#include <algorithm>
#include <vector>

namespace pgtool {

std::span<const Rule* const> rule_table() {
  static const std::vector<const Rule*> table = [] {
    std::vector<const Rule*> all;
    for (const auto part :
         {rules_of_both(), rules_of_django(), rules_of_poolers(), rules_of_databases(),
          rules_of_migrations(), rules_of_moves(), rules_of_locks(), rules_of_failures(),
          rules_of_operations(), rules_of_releases(), rules_of_losses(), rules_of_transactions(),
          rules_of_sessions()}) {
      all.insert(all.end(), part.begin(), part.end());
    }
    return all;
  }();
  return table;
}

std::string_view bare_slug(std::string_view slug) {
  constexpr std::string_view prefix = "pgtool.";
  slug.remove_prefix(slug.starts_with(prefix) ? prefix.size() : 0);
  return slug;
}

const Rule* find_rule(std::string_view slug) {
  slug = bare_slug(slug);
  const auto table = rule_table();
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const Rule* rule) { return rule->slug == slug; });
  return found != table.end() ? *found : nullptr;
}

std::optional<std::string> nearest_rule(std::string_view slug) {
  std::vector<std::string> slugs;
  for (const auto* rule : rule_table()) {
    slugs.emplace_back(rule->slug);
  }
  return nearest(bare_slug(slug), slugs);
}

} // namespace pgtool
