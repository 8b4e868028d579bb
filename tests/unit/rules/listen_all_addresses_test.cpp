#include "rules/cases.hpp"

namespace pgtool::test {
namespace {

const Registered star{fires("listen-all-addresses", Severity::warning,
                            "it listens on * and lets clients in without TLS",
                            [] {
                              auto deployment = well_configured();
                              set(deployment.poolers[0], "listen_addr", "*");
                              set(deployment.poolers[0], "client_tls_sslmode", "disable");
                              return deployment;
                            },
                            {"tls-off"})};

const Registered published{
    fires("listen-all-addresses", Severity::warning,
          "its container's port is published on every address of the machine",
          [] {
            auto deployment = well_configured();
            auto& pooler = deployment.poolers[0];
            set(pooler, "listen_addr", "*");
            set(pooler, "client_tls_sslmode", "disable");
            pooler.container_reach = Reach::anywhere;
            pooler.published = "6432:6432";
            return deployment;
          },
          {"tls-off"})};

const Registered unpublished{
    silent("listen-all-addresses", "its container's port is not published", [] {
      auto deployment = well_configured();
      auto& pooler = deployment.poolers[0];
      set(pooler, "listen_addr", "*");
      set(pooler, "client_tls_sslmode", "disable");
      pooler.container_reach = Reach::neighbours;
      return deployment;
    })};

const Registered sockets{
    silent("listen-all-addresses", "no address is set: it listens on its unix socket only", [] {
      auto deployment = well_configured();
      auto& pooler = deployment.poolers[0];
      pooler.settings.erase("listen_addr");
      set(pooler, "client_tls_sslmode", "disable");
      return deployment;
    })};

const Registered with_tls{silent("listen-all-addresses", "it listens on * and demands TLS", [] {
  auto deployment = well_configured();
  set(deployment.poolers[0], "listen_addr", "*");
  return deployment;
})};

const Registered with_rules{silent("listen-all-addresses", "it listens on * behind host rules", [] {
  auto deployment = well_configured();
  set(deployment.poolers[0], "listen_addr", "0.0.0.0");
  set(deployment.poolers[0], "client_tls_sslmode", "allow");
  set(deployment.poolers[0], "auth_type", "hba");
  set(deployment.poolers[0], "auth_hba_file", "/etc/pgbouncer/pg_hba.conf");
  return deployment;
})};

} // namespace
} // namespace pgtool::test
