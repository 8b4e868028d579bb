#include "rules/cases.hpp"

namespace pgtool::test {
namespace {

const Registered case0{fires("search-path-conflict", Severity::warning,
                             "the role has it, and the pooler logs in as another", [] {
                               auto deployment = well_configured();
                               deployment.servers[0].stored.insert(
                                   deployment.servers[0].stored.end(),
                                   {{"app", "shop", "search_path", "core, public"}});
                               deployment.poolers[0].databases[0].forced_user = "pool";
                               return deployment;
                             })};

const Registered case2{
    fires("search-path-conflict", Severity::warning, "OPTIONS and the role differ", [] {
      auto deployment = well_configured();
      auto& alias = deployment.aliases[0];
      deployment.servers[0].stored.insert(deployment.servers[0].stored.end(),
                                          {{"app", "shop", "search_path", "core, public"}});
      alias.alias.endpoint.set("options", "-c search_path=tenant1");
      alias.lost_options.emplace();
      return deployment;
    })};

const Registered case3{
    fires("search-path-conflict", Severity::warning, "OPTIONS and the database differ", [] {
      auto deployment = well_configured();
      auto& alias = deployment.aliases[0];
      deployment.servers[0].stored.insert(deployment.servers[0].stored.end(),
                                          {{"", "shop", "search_path", "core, public"}});
      alias.alias.endpoint.set("options", "-c search_path=tenant1");
      alias.lost_options.emplace();
      return deployment;
    })};

const Registered case4{silent("search-path-conflict", "OPTIONS and the role say the same", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  deployment.servers[0].stored.insert(deployment.servers[0].stored.end(),
                                      {{"app", "shop", "search_path", "core, public"}});
  alias.alias.endpoint.set("options", "-c search_path=core,public");
  alias.lost_options.emplace();
  return deployment;
})};

const Registered case5{silent("search-path-conflict", "the role overrides the database", [] {
  auto deployment = well_configured();
  deployment.servers[0].stored.insert(
      deployment.servers[0].stored.end(),
      {{"app", "shop", "search_path", "core, public"}, {"", "shop", "search_path", "public"}});
  return deployment;
})};

const Registered case6{silent("search-path-conflict", "both roles have it", [] {
  auto deployment = well_configured();
  deployment.servers[0].stored.insert(deployment.servers[0].stored.end(),
                                      {{"app", "shop", "search_path", "core, public"},
                                       {"pool", "", "search_path", "\"core\", public"}});
  deployment.poolers[0].databases[0].forced_user = "pool";
  return deployment;
})};

const Registered case8{
    silent("search-path-conflict", "connect_query sets it, as another rule says", [] {
      auto deployment = well_configured();
      deployment.poolers[0].databases[0].settings["connect_query"] =
          Setting{"set search_path to 'core', public;", {}, "connect_query"};
      deployment.servers[0].stored.insert(deployment.servers[0].stored.end(),
                                          {{"app", "shop", "search_path", "core, public"}});
      deployment.servers[0].search_path = "core, public";
      return deployment;
    })};

const Registered case9{silent("search-path-conflict", "another role has another path", [] {
  auto deployment = well_configured();
  deployment.servers[0].stored.insert(deployment.servers[0].stored.end(),
                                      {{"reports", "shop", "search_path", "reports"}});
  return deployment;
})};

const Registered case10{silent("search-path-conflict", "OPTIONS has it alone", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  alias.alias.endpoint.set("options", "-c search_path=tenant1");
  alias.lost_options.emplace();
  return deployment;
})};

} // namespace
} // namespace pgtool::test
