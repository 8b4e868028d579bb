#include "rules/cases.hpp"

namespace pgtool::test {
namespace {

const Registered open{
    fires("auth-trust", Severity::error, "it listens on an address of the machine", [] {
      auto deployment = well_configured();
      auto& pooler = deployment.poolers[0];
      set(pooler, "auth_type", "trust");

      return deployment;
    })};

const Registered any{fires("auth-trust", Severity::error, "any lets in without even a name", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  set(pooler, "auth_type", "Any");

  return deployment;
})};

const Registered loopback{fires("auth-trust", Severity::warning, "it listens on loopback", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  set(pooler, "auth_type", "trust");
  set(pooler, "listen_addr", "127.0.0.1, ::1");

  return deployment;
})};

const Registered container{
    fires("auth-trust", Severity::warning, "a container that only its neighbours reach", [] {
      auto deployment = well_configured();
      auto& pooler = deployment.poolers[0];
      set(pooler, "auth_type", "trust");
      set(pooler, "listen_addr", "*");
      pooler.container_reach = Reach::neighbours;

      return deployment;
    })};

const Registered hba{silent("auth-trust", "rules decide", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  set(pooler, "auth_type", "hba");
  set(pooler, "auth_hba_file", "/etc/pgbouncer/pg_hba.conf");

  return deployment;
})};

const Registered unset{silent("auth-trust", "nothing is set", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  pooler.settings.erase("auth_type");

  return deployment;
})};

} // namespace
} // namespace pgtool::test
