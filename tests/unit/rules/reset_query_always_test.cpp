#include "rules/cases.hpp"

namespace pgtool::test {
namespace {

const Registered always{
    fires("reset-query-always", Severity::warning, "after every transaction", [] {
      auto deployment = well_configured();
      auto& pooler = deployment.poolers[0];
      set(pooler, "server_reset_query_always", "1");

      return deployment;
    })};

const Registered session{silent("reset-query-always", "in session mode", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  auto& alias = deployment.aliases[0];
  set(pooler, "server_reset_query_always", "1");
  alias.pool_mode = "session";

  return deployment;
})};

const Registered no_query{silent("reset-query-always", "there is nothing that it could send", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  set(pooler, "server_reset_query_always", "1");
  set(pooler, "server_reset_query", "");

  return deployment;
})};

const Registered off{silent("reset-query-always", "it is off", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  set(pooler, "server_reset_query_always", "0");

  return deployment;
})};

} // namespace
} // namespace pgtool::test
