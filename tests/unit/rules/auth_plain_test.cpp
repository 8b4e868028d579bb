#include "rules/cases.hpp"

namespace pgtool::test {
namespace {

const Registered open{fires("auth-plain", Severity::error,
                            "passwords go through the network without TLS",
                            [] {
                              auto deployment = well_configured();
                              auto& pooler = deployment.poolers[0];
                              set(pooler, "auth_type", "plain");
                              set(pooler, "client_tls_sslmode", "disable");

                              return deployment;
                            },
                            {"tls-off"})};

const Registered with_tls{fires("auth-plain", Severity::warning, "passwords go through TLS", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  set(pooler, "auth_type", "plain");

  return deployment;
})};

const Registered loopback{fires("auth-plain", Severity::warning, "passwords stay on the machine",
                                [] {
                                  auto deployment = well_configured();
                                  auto& pooler = deployment.poolers[0];
                                  set(pooler, "auth_type", "plain");
                                  set(pooler, "listen_addr", "localhost");
                                  set(pooler, "client_tls_sslmode", "disable");

                                  return deployment;
                                },
                                {"tls-off"})};

const Registered pam{silent("auth-plain", "PAM asks for them", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  set(pooler, "auth_type", "pam");

  return deployment;
})};

} // namespace
} // namespace pgtool::test
