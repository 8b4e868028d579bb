#include "rules/cases.hpp"

namespace pgtool::test {
namespace {

const Registered pooled{
    fires("idle-transaction-timeout", Severity::warning, "migrations have no other way", [] {
      auto deployment = well_configured();
      auto& pooler = deployment.poolers[0];
      auto& alias = deployment.aliases[0];
      pooler.version = "1.26.1";
      set(pooler, "idle_transaction_timeout", "300");
      alias.direct_url.clear();
      alias.why_not_direct = "nobody names the server";

      return deployment;
    })};

const Registered direct{
    silent("idle-transaction-timeout", "migrations go straight to the server", [] {
      auto deployment = well_configured();
      auto& pooler = deployment.poolers[0];
      pooler.version = "1.26.1";
      set(pooler, "idle_transaction_timeout", "300");

      return deployment;
    })};

const Registered unknown{silent("idle-transaction-timeout", "nobody looked for another way", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  auto& alias = deployment.aliases[0];
  pooler.version = "1.26.1";
  set(pooler, "idle_transaction_timeout", "300");
  alias.direct_url.clear();
  alias.was_reached = false;

  return deployment;
})};

const Registered off{silent("idle-transaction-timeout", "it is off", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  auto& alias = deployment.aliases[0];
  pooler.version = "1.26.1";
  set(pooler, "idle_transaction_timeout", "0");
  alias.direct_url.clear();
  alias.why_not_direct = "nobody names the server";

  return deployment;
})};

const Registered atomic{fires("idle-transaction-timeout", Severity::warning,
                              "shorter than what a view may wait in ATOMIC_REQUESTS",
                              [] {
                                auto deployment = well_configured();
                                auto& pooler = deployment.poolers[0];
                                auto& alias = deployment.aliases[0];
                                set(pooler, "idle_transaction_timeout", "5");
                                alias.alias.atomic_requests = true;

                                return deployment;
                              },
                              {"atomic-requests"})};

const Registered own{fires("idle-transaction-timeout", Severity::warning, "the user's own",
                           [] {
                             auto deployment = well_configured();
                             auto& pooler = deployment.poolers[0];
                             auto& alias = deployment.aliases[0];
                             pooler.version = "1.26.1";
                             pooler.users["app"]["idle_transaction_timeout"] = Setting{"2"};
                             alias.alias.atomic_requests = true;

                             return deployment;
                           },
                           {"atomic-requests"})};

const Registered patient{silent("idle-transaction-timeout", "long enough for ATOMIC_REQUESTS", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  auto& alias = deployment.aliases[0];
  set(pooler, "idle_transaction_timeout", "60");
  alias.alias.atomic_requests = true;

  return deployment;
})};

const Registered short_one{silent("idle-transaction-timeout", "short, without ATOMIC_REQUESTS", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  set(pooler, "idle_transaction_timeout", "5");

  return deployment;
})};

} // namespace
} // namespace pgtool::test
