#include "rules/cases.hpp"

namespace pgtool::test {
namespace {

const Registered pooled{
    fires("transaction-timeout", Severity::warning, "migrations have no other way", [] {
      auto deployment = well_configured();
      auto& pooler = deployment.poolers[0];
      auto& alias = deployment.aliases[0];
      pooler.version = "1.26.1";
      set(pooler, "transaction_timeout", "300");
      alias.direct_url.clear();
      alias.why_not_direct = "nobody names the server";

      return deployment;
    })};

const Registered direct{silent("transaction-timeout", "migrations go straight to the server", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  pooler.version = "1.26.1";
  set(pooler, "transaction_timeout", "300");

  return deployment;
})};

const Registered unknown{silent("transaction-timeout", "nobody looked for another way", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  auto& alias = deployment.aliases[0];
  pooler.version = "1.26.1";
  set(pooler, "transaction_timeout", "300");
  alias.direct_url.clear();
  alias.was_reached = false;

  return deployment;
})};

const Registered off{silent("transaction-timeout", "it is off", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  auto& alias = deployment.aliases[0];
  pooler.version = "1.26.1";
  set(pooler, "transaction_timeout", "0");
  alias.direct_url.clear();
  alias.why_not_direct = "nobody names the server";

  return deployment;
})};

} // namespace
} // namespace pgtool::test
