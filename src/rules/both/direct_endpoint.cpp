#include "rules/both/direct_endpoint.hpp"

namespace pgtool {

bool wants_direct_endpoint(const AliasFacts& alias) {
  return alias.is_pooled() && alias.pool_mode != "unknown" && !alias.is_standby &&
         alias.direct_url.empty() && alias.alias.error.empty();
}

const UnprovedDirect* named_endpoint(const AliasFacts& alias) {
  for (const auto& one : alias.unproved) {
    if (one.by_user) {
      return &one;
    }
  }
  return nullptr;
}

} // namespace pgtool
