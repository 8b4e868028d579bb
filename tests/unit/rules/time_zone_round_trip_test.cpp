#include "rules/cases.hpp"

namespace pgtool::test {
namespace {

const Registered case0{
    fires("time-zone-round-trip", Severity::info, "the server says Etc/UTC, Django wants UTC", [] {
      auto deployment = well_configured();
      auto& alias = deployment.aliases[0];
      deployment.servers[0].time_zone = "Etc/UTC";
      alias.alias.time_zone = "UTC";
      return deployment;
    })};

const Registered case1{silent("time-zone-round-trip", "the role has it", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  alias.alias.time_zone = "UTC";
  return deployment;
})};

const Registered case2{silent("time-zone-round-trip", "connections are kept", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  deployment.servers[0].time_zone = "Etc/UTC";
  alias.alias.conn_max_age = 60;
  return deployment;
})};

const Registered case3{silent("time-zone-round-trip", "the pooler is on the same machine", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  deployment.servers[0].time_zone = "Etc/UTC";
  alias.alias.endpoint.set("host", "127.0.0.1");
  return deployment;
})};

const Registered case4{silent("time-zone-round-trip", "what a fresh session has was not seen", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  deployment.servers[0].time_zone = "Etc/UTC";
  deployment.servers[0].through_pooler = true;
  alias.alias.time_zone = "UTC";
  return deployment;
})};

const Registered case5{silent("time-zone-round-trip", "there is no pooler", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  deployment.servers[0].time_zone = "Etc/UTC";
  alias.pool_mode = "none";
  alias.pooler_kind = "none";
  alias.pooler.reset();
  return deployment;
})};

} // namespace
} // namespace pgtool::test
