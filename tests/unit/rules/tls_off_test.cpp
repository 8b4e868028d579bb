#include "rules/cases.hpp"

namespace pgtool::test {
namespace {

const Registered client{
    fires("tls-off", Severity::info, "the pooler offers none, at a private address", [] {
      auto deployment = well_configured();
      auto& pooler = deployment.poolers[0];
      auto& alias = deployment.aliases[0];
      set(pooler, "client_tls_sslmode", "disable");
      alias.alias.endpoint.set("sslmode", "prefer");

      return deployment;
    })};

const Registered public_one{
    fires("tls-off", Severity::warning, "the pooler offers none, at a public name", [] {
      auto deployment = well_configured();
      auto& pooler = deployment.poolers[0];
      auto& alias = deployment.aliases[0];
      set(pooler, "client_tls_sslmode", "disable");
      alias.alias.endpoint.set("sslmode", "");
      alias.alias.endpoint.set("host", "pooler.example.com");

      return deployment;
    })};

const Registered refused{fires("tls-off", Severity::info, "the alias refuses it", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  auto& alias = deployment.aliases[0];
  set(pooler, "client_tls_sslmode", "prefer");
  alias.alias.endpoint.set("sslmode", "disable");

  return deployment;
})};

const Registered server{
    fires("tls-off", Severity::info, "before 1.20 the pooler asks no server for it", [] {
      auto deployment = well_configured();
      auto& pooler = deployment.poolers[0];
      pooler.settings.erase("server_tls_sslmode");

      return deployment;
    })};

const Registered public_server{
    fires("tls-off", Severity::warning, "the server has a public name", [] {
      auto deployment = well_configured();
      auto& pooler = deployment.poolers[0];
      set(pooler, "server_tls_sslmode", "disable");
      pooler.databases[0].host = "db.abc.eu-west-1.rds.amazonaws.com";

      return deployment;
    })};

const Registered server_without{
    fires("tls-off", Severity::info, "the server has none, and nobody insists", [] {
      auto deployment = well_configured();
      auto& pooler = deployment.poolers[0];
      set(pooler, "server_tls_sslmode", "prefer");
      deployment.servers[0].speaks_tls = false;

      return deployment;
    })};

const Registered asks{silent("tls-off", "since 1.20 it asks the server for it", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  pooler.settings.erase("server_tls_sslmode");
  pooler.version = "1.26.1";

  return deployment;
})};

const Registered unknown_version{silent("tls-off", "nobody tells the version", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  pooler.settings.erase("server_tls_sslmode");
  pooler.version = "";

  return deployment;
})};

const Registered loopback{silent("tls-off", "all is on one machine, as Debian ships it", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  auto& alias = deployment.aliases[0];
  set(pooler, "client_tls_sslmode", "disable");
  set(pooler, "server_tls_sslmode", "disable");
  set(pooler, "listen_addr", "localhost");
  alias.alias.endpoint.set("sslmode", "");
  alias.alias.endpoint.set("host", "127.0.0.1");
  pooler.databases[0].host = "";

  return deployment;
})};

const Registered containers{silent("tls-off", "services of one compose file", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  auto& alias = deployment.aliases[0];
  set(pooler, "client_tls_sslmode", "disable");
  set(pooler, "server_tls_sslmode", "disable");
  alias.alias.endpoint.set("sslmode", "");
  alias.alias.endpoint.set("host", "pooler");
  pooler.databases[0].host = "db";

  return deployment;
})};

const Registered cluster{silent("tls-off", "services of one cluster", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  auto& alias = deployment.aliases[0];
  set(pooler, "client_tls_sslmode", "disable");
  set(pooler, "server_tls_sslmode", "disable");
  alias.alias.endpoint.set("sslmode", "");
  alias.alias.endpoint.set("host", "pooler.shop.svc.cluster.local");
  pooler.databases[0].host = "shop-db-rw.shop";
  pooler.databases[0].host = "shop-db-rw.shop.svc";

  return deployment;
})};

const Registered insists{silent("tls-off", "the alias insists, so nothing goes without it", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  set(pooler, "client_tls_sslmode", "disable");

  return deployment;
})};

const Registered offered{silent("tls-off", "the pooler takes it where the client asks", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  auto& alias = deployment.aliases[0];
  set(pooler, "client_tls_sslmode", "allow");
  alias.alias.endpoint.set("sslmode", "prefer");

  return deployment;
})};

} // namespace
} // namespace pgtool::test
