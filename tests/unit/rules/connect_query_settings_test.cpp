#include "rules/cases.hpp"

namespace pgtool::test {
namespace {

const Registered path{fires("connect-query-settings", Severity::warning, "it sets the path", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  pooler.databases[0].settings["connect_query"] = Setting{"set search_path to shop, public"};

  return deployment;
})};

const Registered role{fires("connect-query-settings", Severity::warning, "it sets the role", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  pooler.databases[0].settings["connect_query"] = Setting{"SET ROLE shop_owner"};

  return deployment;
})};

const Registered function{
    fires("connect-query-settings", Severity::warning, "it calls set_config", [] {
      auto deployment = well_configured();
      auto& pooler = deployment.poolers[0];
      pooler.databases[0].settings["connect_query"] =
          Setting{"select set_config('search_path', 'shop', false)"};

      return deployment;
    })};

const Registered second{
    fires("connect-query-settings", Severity::warning, "its second statement sets the path", [] {
      auto deployment = well_configured();
      auto& pooler = deployment.poolers[0];
      pooler.databases[0].settings["connect_query"] = Setting{"select 1; set search_path = shop"};

      return deployment;
    })};

const Registered stored{silent("connect-query-settings", "the role has the path, too", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  pooler.databases[0].settings["connect_query"] = Setting{"set search_path to shop"};
  deployment.servers[0].stored.push_back({"app", "", "search_path", "shop"});

  return deployment;
})};

const Registered timeout{
    silent("connect-query-settings", "a timeout, which migrations are better without", [] {
      auto deployment = well_configured();
      auto& pooler = deployment.poolers[0];
      pooler.databases[0].settings["connect_query"] = Setting{"set statement_timeout = '30s'"};

      return deployment;
    })};

const Registered text{silent("connect-query-settings", "the word stands in a text", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  pooler.databases[0].settings["connect_query"] = Setting{"select 'set search_path = shop'"};

  return deployment;
})};

const Registered nothing{silent("connect-query-settings", "it only marks the session", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  pooler.databases[0].settings["connect_query"] = Setting{"select 1 /* pooled */"};

  return deployment;
})};

} // namespace
} // namespace pgtool::test
