#include "rules/cases.hpp"

namespace pgtool::test {
namespace {

const Registered case0{
    fires("direct-endpoint-is-pooled", Severity::error, "what was named is a pooler", [] {
      auto deployment = well_configured();
      auto& alias = deployment.aliases[0];
      alias.direct_url.clear();
      alias.unproved.push_back({"10.0.0.9:5432/shop", "PGTOOL_DIRECT_URL",
                                "it is not PostgreSQL itself", "name another", true, true, true});
      return deployment;
    })};

const Registered case1{silent("direct-endpoint-is-pooled", "what was named is another cluster", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  alias.direct_url.clear();
  alias.unproved.push_back({"10.0.0.9:5432/shop", "PGTOOL_DIRECT_URL", "it is another cluster",
                            "name another", true, true, false});
  return deployment;
})};

const Registered case2{silent(
    "direct-endpoint-is-pooled", "what was only found is a pooler, and a better one is named", [] {
      auto deployment = well_configured();
      auto& alias = deployment.aliases[0];
      alias.direct_url.clear();
      alias.unproved.push_back({"10.0.0.9:5432/shop", "PGTOOL_DIRECT_URL", "connection refused",
                                "name another", false, true, true});
      alias.direct_url = "postgresql://app@10.0.0.7:5432/shop";
      return deployment;
    })};

} // namespace
} // namespace pgtool::test
