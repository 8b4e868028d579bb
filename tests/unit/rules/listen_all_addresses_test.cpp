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
