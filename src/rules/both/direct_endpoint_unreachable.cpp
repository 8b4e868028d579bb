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
    if (!wants_direct_endpoint(alias) || named == nullptr || named->reached) {
      continue;
    }
    remarks.push_back({.message = fmt::format("the direct endpoint of alias '{}', {} ({}), cannot "
                                              "be used from here: {}",
                                              alias.alias.name, named->place, named->origin,
                                              first_line(named->reason)),
                       .where = alias.place_of(""),
                       .remedy = named->cure,
                       .mode = alias.pool_mode});
  }
  return remarks;
}

} // namespace

const Rule direct_endpoint_unreachable{
    .slug = "direct-endpoint-unreachable",
    .area = Area::both,
    .grades = {Severity::warning, Severity::warning, Severity::warning, std::nullopt, std::nullopt},
    .summary = "The direct endpoint that was named cannot be used",
    .why = "A deploy from here fails, or goes through the pool. It may be reachable from where "
           "migrations run: then run pgtool check there.",
    .remedy = "correct PGTOOL_DIRECT_URL, or pgtool.yaml's databases",
    .look = look,
};

} // namespace pgtool::rules
