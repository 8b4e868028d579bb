#include "rules/both/all.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace pgtool::rules {
namespace {

/// The gravest mode among the pooled aliases that this receiver works on; nullptr for none.
const AliasFacts* alias_hit(const Deployment& deployment, const SourceUse& use) {
  const AliasFacts* hit = nullptr;
  for (const auto& alias : deployment.aliases) {
    const bool is_meant = use.aliases.empty() || std::find(use.aliases.begin(), use.aliases.end(),
                                                           alias.alias.name) != use.aliases.end();
    if (is_meant && alias.shares_sessions()) {
      return &alias;
    }
    if (is_meant && alias.is_pooled() && alias.pool_mode == "unknown") {
      hit = &alias;
    }
  }
  return hit;
}

std::vector<Remark> look(const Deployment& deployment) {
  std::vector<Remark> remarks;
  if (!deployment.project) {
    return remarks;
  }
  for (const auto& use : deployment.project->uses) {
    const auto* alias = use.what == "connection-created" ? alias_hit(deployment, use) : nullptr;
    if (alias == nullptr) {
      continue;
    }
    remarks.push_back(
        {.message = fmt::format("{} on each new connection, and alias '{}' shares its sessions "
                                "with other clients",
                                use.detail, alias->alias.name),
         .where = use.where,
         .mode = alias->pool_mode});
  }
  return remarks;
}

} // namespace

const Rule session_settings_on_connect{
    .slug = "session-settings-on-connect",
    .area = Area::both,
    .grades = when_shared(Severity::error, Severity::warning),
    .summary = "A receiver of connection_created sets the session that a pool shares",
    .why = "The signal comes once for each of Django's connections; the next transaction may have "
           "another session, without that setting, and whoever gets the first one has it: other "
           "requests run with a foreign search_path, role or timeout.",
    .remedy = "set it on the role (ALTER ROLE … SET …), or with SET LOCAL inside the transaction "
              "that needs it",
    .link = "https://www.pgbouncer.org/features.html",
    .look = look,
};

} // namespace pgtool::rules
