#include "rules/cases.hpp"

namespace pgtool::test {
namespace {

const Registered case0{fires("direct-endpoint-missing", Severity::warning, "nobody names one", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  alias.direct_url.clear();
  return deployment;
})};

const Registered case1{
    fires("direct-endpoint-missing", Severity::warning, "what was found is none", [] {
      auto deployment = well_configured();
      auto& alias = deployment.aliases[0];
      alias.direct_url.clear();
      alias.unproved.push_back({"10.0.0.9:5432/shop", "PGTOOL_DIRECT_URL", "connection refused",
                                "name another", false, true, true});
      return deployment;
    })};

const Registered case2{
    fires("direct-endpoint-missing", Severity::info, "the pool is in session mode", [] {
      auto deployment = well_configured();
      auto& alias = deployment.aliases[0];
      alias.direct_url.clear();
      alias.pool_mode = "session";
      return deployment;
    })};

const Registered case3{silent("direct-endpoint-missing", "one is named that was not tried", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  alias.direct_url.clear();
  alias.direct_said = "PGTOOL_DIRECT_URL";
  return deployment;
})};

const Registered case4{silent("direct-endpoint-missing", "it is a standby", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  alias.direct_url.clear();
  alias.is_standby = true;
  return deployment;
})};

const Registered case5{silent("direct-endpoint-missing", "there is no pooler", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  alias.direct_url.clear();
  alias.pool_mode = "none";
  alias.pooler_kind = "none";
  alias.pooler.reset();
  return deployment;
})};

const Registered case6{silent("direct-endpoint-missing", "nothing is known of the endpoint", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  alias.direct_url.clear();
  alias.pool_mode = "unknown";
  return deployment;
})};

const Registered case7{silent("direct-endpoint-missing", "it shows what the pooler drops", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  alias.direct_url.clear();
  alias.alias.endpoint.set("options", "-c search_path=billing");
  alias.unproved.push_back({.place = "10.0.0.7:5432/shop",
                            .origin = "environment variable POSTGRES_HOST",
                            .reason = "it has another schema path",
                            .cure = "",
                            .reached = true,
                            .view_differs = true});
  return deployment;
})};

} // namespace
} // namespace pgtool::test
