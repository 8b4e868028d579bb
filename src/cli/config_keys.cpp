#include "cli/config.hpp"

namespace pgtool {

std::vector<Key> config_keys(std::span<const OptionSpec* const> options) {
  std::vector<Key> keys = {
      {"databases.*.pooled", Shape::text, "URL of the database through the pooler"},
      {"databases.*.direct", Shape::text, "URL of the database past the pooler"},
      {"databases.*.console", Shape::list, "URLs of the pooler's admin console, one per process"},
      {"databases.*.roles", Shape::list, "Further roles whose path schema-move changes"},
      {"migrate.apps.*.lock-timeout", Shape::text, "--lock-timeout for the migrations of that app"},
      {"migrate.apps.*.statement-timeout", Shape::text,
       "--statement-timeout for the migrations of that app"},
  };
  for (const auto* option : options) {
    if (!option->key.empty()) {
      keys.push_back({std::string(option->key), option->repeatable ? Shape::list : Shape::text,
                      option->description, option});
    }
  }
  keys.push_back({"rules.ignore", Shape::ignored,
                  "Findings that do not count: rules, or {rule, where, reason, until}"});
  keys.push_back({"targets", Shape::later, {}});
  return keys;
}

} // namespace pgtool
