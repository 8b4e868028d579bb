#include "cli/config.hpp"

namespace pgtool {

std::vector<Key> config_keys(std::span<const OptionSpec* const> options) {
  std::vector<Key> keys = {
      {"databases.*.pooled", Shape::text, "URL of the database through the pooler"},
      {"databases.*.direct", Shape::text, "URL of the database past the pooler"},
      {"databases.*.console", Shape::list, "URLs of the pooler's admin console, one per process"},
      {"databases.*.roles", Shape::list, "Further roles whose path schema-move changes"},
  };
  for (const auto* option : options) {
    if (!option->key.empty()) {
      keys.push_back({std::string(option->key), option->repeatable ? Shape::list : Shape::text,
                      option->description, option});
    }
  }
  for (const char* later : {"migrate.lock-timeout", "migrate.statement-timeout", "migrate.retries",
                            "migrate.max-transaction-age", "migrate.apps", "rules.select",
                            "rules.ignore", "rules.baseline", "targets"}) {
    keys.push_back({later, Shape::later, {}});
  }
  return keys;
}

} // namespace pgtool
