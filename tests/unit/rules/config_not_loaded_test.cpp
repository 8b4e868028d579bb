#include "rules/cases.hpp"

namespace pgtool::test {
namespace {

const Registered reload{
    fires("config-not-loaded", Severity::warning, "the file has another pool size", [] {
      auto deployment = well_configured();
      auto& pooler = deployment.poolers[0];
      pooler.not_loaded["default_pool_size"] =
          Setting{"25", {"pgbouncer.ini", 12, ""}, "default_pool_size"};

      return deployment;
    })};

const Registered restart{
    fires("config-not-loaded", Severity::warning, "the file has another port", [] {
      auto deployment = well_configured();
      auto& pooler = deployment.poolers[0];
      pooler.not_loaded["listen_port"] = Setting{"6433", {"pgbouncer.ini", 12, ""}, "listen_port"};
      pooler.only_at_start.insert("listen_port");

      return deployment;
    })};

const Registered loaded{silent("config-not-loaded", "all is in force", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  pooler.is_live = true;

  return deployment;
})};

} // namespace
} // namespace pgtool::test
