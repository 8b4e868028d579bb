#include "rules/cases.hpp"

namespace pgtool::test {
namespace {

const Registered case0{
    fires("session-settings-on-connect", Severity::error, "a receiver sets a role", [] {
      auto deployment = well_configured();
      deployment.project->uses.push_back(
          {"connection-created", {"shop/apps.py", 12, ""}, "set_role sends SET ROLE owner", {}});
      return deployment;
    })};

const Registered case1{
    fires("session-settings-on-connect", Severity::error, "a receiver sets it for this alias", [] {
      auto deployment = well_configured();
      deployment.project->uses.push_back({"connection-created",
                                          {"shop/apps.py", 12, ""},
                                          "set_role sends SET ROLE owner",
                                          {"default"}});
      return deployment;
    })};

const Registered case2{
    fires("session-settings-on-connect", Severity::warning, "nobody tells the mode", [] {
      auto deployment = well_configured();
      auto& alias = deployment.aliases[0];
      deployment.project->uses.push_back(
          {"connection-created", {"shop/apps.py", 12, ""}, "set_role sends SET ROLE owner", {}});
      alias.pool_mode = "unknown";
      return deployment;
    })};

const Registered case3{
    silent("session-settings-on-connect", "the receiver picks out another alias", [] {
      auto deployment = well_configured();
      deployment.project->uses.push_back({"connection-created",
                                          {"shop/apps.py", 12, ""},
                                          "set_role sends SET ROLE owner",
                                          {"reports"}});
      return deployment;
    })};

const Registered case4{silent("session-settings-on-connect", "the pool is in session mode", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  deployment.project->uses.push_back(
      {"connection-created", {"shop/apps.py", 12, ""}, "set_role sends SET ROLE owner", {}});
  alias.pool_mode = "session";
  return deployment;
})};

const Registered case5{silent("session-settings-on-connect", "there is no pooler", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  deployment.project->uses.push_back(
      {"connection-created", {"shop/apps.py", 12, ""}, "set_role sends SET ROLE owner", {}});
  alias.pool_mode = "none";
  alias.pooler_kind = "none";
  alias.pooler.reset();
  return deployment;
})};

} // namespace
} // namespace pgtool::test
