#include "rules/cases.hpp"

namespace pgtool::test {
namespace {

const Registered case0{
    fires("direct-endpoint-unreachable", Severity::warning, "what was named does not answer", [] {
      auto deployment = well_configured();
      auto& alias = deployment.aliases[0];
      alias.direct_url.clear();
      alias.unproved.push_back({"10.0.0.9:5432/shop", "PGTOOL_DIRECT_URL", "connection refused",
                                "name another", true, false, false});
      return deployment;
    })};

const Registered case1{
    silent("direct-endpoint-unreachable", "what was guessed does not answer", [] {
      auto deployment = well_configured();
      auto& alias = deployment.aliases[0];
      alias.direct_url.clear();
      alias.unproved.push_back({"10.0.0.9:5432/shop", "PGTOOL_DIRECT_URL", "connection refused",
                                "name another", false, false, false});
      alias.direct_said = "pgbouncer.ini";
      return deployment;
    })};

const Registered case2{silent("direct-endpoint-unreachable", "another one is proved", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  alias.unproved.push_back(
      {"10.0.0.9:5432/shop", "compose.yaml", "refused", "", false, false, false});
  return deployment;
})};

const Registered case3{silent("direct-endpoint-unreachable", "what was named answers", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  alias.direct_url.clear();
  alias.unproved.push_back({"10.0.0.9:5432/shop", "PGTOOL_DIRECT_URL", "connection refused",
                            "name another", true, true, false});
  return deployment;
})};

} // namespace
} // namespace pgtool::test
