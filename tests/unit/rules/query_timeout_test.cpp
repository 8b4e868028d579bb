#include "rules/cases.hpp"

namespace pgtool::test {
namespace {

const Registered pooled{
    fires("query-timeout", Severity::warning, "migrations have no other way", [] {
      auto deployment = well_configured();
      auto& pooler = deployment.poolers[0];
      auto& alias = deployment.aliases[0];
      pooler.version = "1.26.1";
      set(pooler, "query_timeout", "300");
      alias.direct_url.clear();
      alias.why_not_direct = "nobody names the server";

      return deployment;
    })};

const Registered direct{silent("query-timeout", "migrations go straight to the server", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  pooler.version = "1.26.1";
  set(pooler, "query_timeout", "300");

  return deployment;
})};

const Registered unknown{silent("query-timeout", "nobody looked for another way", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  auto& alias = deployment.aliases[0];
  pooler.version = "1.26.1";
  set(pooler, "query_timeout", "300");
  alias.direct_url.clear();
  alias.was_reached = false;

  return deployment;
})};

const Registered off{silent("query-timeout", "it is off", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  auto& alias = deployment.aliases[0];
  pooler.version = "1.26.1";
  set(pooler, "query_timeout", "0");
  alias.direct_url.clear();
  alias.why_not_direct = "nobody names the server";

  return deployment;
})};

} // namespace
} // namespace pgtool::test
