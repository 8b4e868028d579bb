#include "rules/cases.hpp"

namespace pgtool::test {
namespace {

const Registered one_pool{
    fires("pool-exceeds-server", Severity::warning, "one pool is larger than the server", [] {
      auto deployment = well_configured();
      auto& pooler = deployment.poolers[0];
      set(pooler, "default_pool_size", "95");

      return deployment;
    })};

const Registered users{
    fires("pool-exceeds-server", Severity::warning, "three users have a pool each", [] {
      auto deployment = well_configured();
      auto& pooler = deployment.poolers[0];
      for (int i = 0; i < 2; ++i) {
        auto more = deployment.aliases[0];
        more.alias.name = "more" + std::to_string(i);
        more.alias.endpoint.set("user", more.alias.name);
        deployment.servers[0].aliases.push_back(more.alias.name);
        deployment.aliases.push_back(more);
      }
      set(pooler, "default_pool_size", "40");

      return deployment;
    })};

const Registered reserve{
    fires("pool-exceeds-server", Severity::warning, "the reserve goes beyond it", [] {
      auto deployment = well_configured();
      auto& pooler = deployment.poolers[0];
      set(pooler, "default_pool_size", "80");
      set(pooler, "reserve_pool_size", "20");

      return deployment;
    })};

const Registered processes{
    fires("pool-exceeds-server", Severity::warning, "four processes of it", [] {
      auto deployment = well_configured();
      auto& pooler = deployment.poolers[0];
      set(pooler, "default_pool_size", "30");
      pooler.processes = 4;

      return deployment;
    })};

const Registered own_size{
    fires("pool-exceeds-server", Severity::warning, "the database's own size counts", [] {
      auto deployment = well_configured();
      auto& pooler = deployment.poolers[0];
      pooler.databases[0].settings["pool_size"] = Setting{"120"};

      return deployment;
    })};

const Registered unlimited{
    fires("pool-exceeds-server", Severity::warning, "a size of 0 is no limit since 1.24", [] {
      auto deployment = well_configured();
      auto& pooler = deployment.poolers[0];
      pooler.version = "1.26.1";
      set(pooler, "default_pool_size", "0");

      return deployment;
    })};

const Registered described{fires("pool-exceeds-server", Severity::warning,
                                 "the description of the server tells its size", [] {
                                   auto deployment = well_configured();
                                   auto& pooler = deployment.poolers[0];
                                   deployment.servers.clear();
                                   set(pooler, "default_pool_size", "80");
                                   pooler.databases[0].max_connections = Setting{"50"};

                                   return deployment;
                                 })};

const Registered article{
    silent("pool-exceeds-server", "the article's pool of 80 on a server of 100", [] {
      auto deployment = well_configured();
      auto& pooler = deployment.poolers[0];
      set(pooler, "default_pool_size", "80");
      set(pooler, "min_pool_size", "30");

      return deployment;
    })};

const Registered capped{
    silent("pool-exceeds-server", "max_db_connections caps all users together", [] {
      auto deployment = well_configured();
      auto& pooler = deployment.poolers[0];
      for (int i = 0; i < 2; ++i) {
        auto more = deployment.aliases[0];
        more.alias.name = "more" + std::to_string(i);
        more.alias.endpoint.set("user", more.alias.name);
        deployment.servers[0].aliases.push_back(more.alias.name);
        deployment.aliases.push_back(more);
      }
      set(pooler, "default_pool_size", "40");
      set(pooler, "max_db_connections", "90");

      return deployment;
    })};

const Registered capped_user{
    silent("pool-exceeds-server", "max_user_connections caps the user", [] {
      auto deployment = well_configured();
      auto& pooler = deployment.poolers[0];
      set(pooler, "default_pool_size", "200");
      set(pooler, "max_user_connections", "90");

      return deployment;
    })};

const Registered capped_unlimited{
    silent("pool-exceeds-server", "no limit of its own, under a cap", [] {
      auto deployment = well_configured();
      auto& pooler = deployment.poolers[0];
      pooler.version = "1.26.1";
      set(pooler, "default_pool_size", "0");
      set(pooler, "max_db_connections", "50");

      return deployment;
    })};

const Registered own_user_size{silent("pool-exceeds-server", "the user's own size counts", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  pooler.version = "1.23.1";
  set(pooler, "default_pool_size", "200");
  set(pooler, "server_tls_sslmode", "verify-full");
  pooler.users["app"]["pool_size"] = Setting{"20"};

  return deployment;
})};

const Registered forced{
    silent("pool-exceeds-server", "all clients become one user, who has one pool", [] {
      auto deployment = well_configured();
      auto& pooler = deployment.poolers[0];
      for (int i = 0; i < 2; ++i) {
        auto more = deployment.aliases[0];
        more.alias.name = "more" + std::to_string(i);
        more.alias.endpoint.set("user", more.alias.name);
        deployment.servers[0].aliases.push_back(more.alias.name);
        deployment.aliases.push_back(more);
      }
      set(pooler, "default_pool_size", "80");
      pooler.databases[0].forced_user = "shop";

      return deployment;
    })};

const Registered others{silent("pool-exceeds-server", "a pool that others hardly use", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  set(pooler, "default_pool_size", "60");
  pooler.pools.push_back({"shop", "monitor", 1, 1, "transaction"});

  return deployment;
})};

const Registered unknown_server{
    silent("pool-exceeds-server", "nobody tells how large the server is", [] {
      auto deployment = well_configured();
      auto& pooler = deployment.poolers[0];
      deployment.servers.clear();
      set(pooler, "default_pool_size", "500");

      return deployment;
    })};

const Registered old_zero{silent("pool-exceeds-server", "a size of 0 before 1.24", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  set(pooler, "default_pool_size", "0");

  return deployment;
})};

} // namespace
} // namespace pgtool::test
