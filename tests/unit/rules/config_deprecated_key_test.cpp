#include "rules/cases.hpp"

namespace pgtool::test {
namespace {

const Registered newer{
    fires("config-deprecated-key", Severity::error, "the key is newer than the pooler", [] {
      auto deployment = well_configured();
      auto& pooler = deployment.poolers[0];
      set(pooler, "transaction_timeout", "0");
      pooler.settings.find("transaction_timeout")->second.since = "1.25";

      return deployment;
    })};

const Registered gone{fires("config-deprecated-key", Severity::error, "the key went with 1.26", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  pooler.version = "1.26.1";
  set(pooler, "suspend_timeout", "10");
  pooler.settings.find("suspend_timeout")->second.until = "1.26";

  return deployment;
})};

const Registered of_user{
    fires("config-deprecated-key", Severity::error, "a user's key is newer", [] {
      auto deployment = well_configured();
      auto& pooler = deployment.poolers[0];
      pooler.users["app"]["pool_size"] =
          Setting{"5", {"pgbouncer.ini", 30, ""}, "pool_size", "1.23"};

      return deployment;
    })};

const Registered known{silent("config-deprecated-key", "the pooler knows it", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  pooler.version = "1.26.1";
  set(pooler, "transaction_timeout", "0");
  pooler.settings.find("transaction_timeout")->second.since = "1.25";

  return deployment;
})};

const Registered still{silent("config-deprecated-key", "the pooler knows it still", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  set(pooler, "suspend_timeout", "10");
  pooler.settings.find("suspend_timeout")->second.until = "1.26";

  return deployment;
})};

const Registered untold{silent("config-deprecated-key", "nobody tells the version", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  pooler.version = "";
  set(pooler, "transaction_timeout", "0");
  pooler.settings.find("transaction_timeout")->second.since = "1.25";

  return deployment;
})};

} // namespace
} // namespace pgtool::test
