#include "pooler/config/pooler_config.hpp"

namespace pgtool {

bool is_pool_mode(std::string_view word) {
  return word == "session" || word == "transaction" || word == "statement";
}

const ConfiguredDatabase* PoolerConfig::find(const std::string& name) const {
  const ConfiguredDatabase* fallback = nullptr;
  for (const auto& database : databases) {
    if (database.name == name) {
      return &database;
    }
    if (database.name == "*") {
      fallback = &database;
    }
  }
  return fallback;
}

std::optional<std::string> PoolerConfig::mode_for(const std::string& database,
                                                  const std::string& user) const {
  if (const auto own = users.find(user); own != users.end()) {
    if (const auto set = own->second.find("pool_mode"); set != own->second.end()) {
      return set->second;
    }
  }
  if (const auto* entry = find(database); entry != nullptr && !entry->mode.empty()) {
    return entry->mode;
  }
  return mode.empty() ? std::nullopt : std::optional(mode);
}

} // namespace pgtool
