#include "rules/cases.hpp"

namespace pgtool::test {
namespace {

const Registered zero{fires("server-lifetime", Severity::warning, "sessions are used once", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  set(pooler, "server_lifetime", "0");

  return deployment;
})};

const Registered very_long{fires("server-lifetime", Severity::info,
                                 "sessions live for a week, and nobody may renew them", [] {
                                   auto deployment = well_configured();
                                   auto& pooler = deployment.poolers[0];
                                   set(pooler, "server_lifetime", "604800");
                                   set(pooler, "admin_users", "");

                                   return deployment;
                                 })};

const Registered renewable{
    silent("server-lifetime", "sessions live for a week, and an admin may renew them", [] {
      auto deployment = well_configured();
      auto& pooler = deployment.poolers[0];
      set(pooler, "server_lifetime", "604800");

      return deployment;
    })};

const Registered day{silent("server-lifetime", "sessions live for a day", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  set(pooler, "server_lifetime", "86400");
  set(pooler, "admin_users", "");

  return deployment;
})};

const Registered default_one{silent("server-lifetime", "nothing is set", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  set(pooler, "admin_users", "");

  return deployment;
})};

} // namespace
} // namespace pgtool::test
