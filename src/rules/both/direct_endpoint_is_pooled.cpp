#include "rules/both/all.hpp"

#include "rules/both/direct_endpoint.hpp"

#include "base/text.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::vector<Remark> look(const Deployment& deployment) {
  std::vector<Remark> remarks;
  for (const auto& alias : deployment.aliases) {
    const auto* named = named_endpoint(alias);
    if (!wants_direct_endpoint(alias) || named == nullptr || !named->reached || !named->is_pooler) {
      continue;
    }
    remarks.push_back({.message = fmt::format("the direct endpoint of alias '{}', {} ({}), is a "
                                              "pooler, too",
                                              alias.alias.name, named->place, named->origin),
                       .where = alias.place_of(""),
                       .detail = first_line(named->reason),
                       .mode = alias.pool_mode});
  }
  return remarks;
}

} // namespace

const Rule direct_endpoint_is_pooled{
    .slug = "direct-endpoint-is-pooled",
    .area = Area::both,
    .grades = {Severity::error, Severity::error, Severity::warning, std::nullopt, std::nullopt},
    .summary = "The direct endpoint that was named is a pooler",
    .why = "Migrations that are thought to go past the pooler go through one: their locks, "
           "settings and long statements stand in sessions that others share.",
    .remedy = "name the host and port of PostgreSQL itself",
    .look = look,
};

} // namespace pgtool::rules
