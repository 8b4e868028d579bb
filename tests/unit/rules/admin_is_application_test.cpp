#include "rules/cases.hpp"

namespace pgtool::test {
namespace {

const Registered alone{
    fires("admin-is-application", Severity::warning, "the application is the only admin", [] {
      auto deployment = well_configured();
      auto& pooler = deployment.poolers[0];
      set(pooler, "admin_users", "app");

      return deployment;
    })};

const Registered among{
    fires("admin-is-application", Severity::warning, "the application is one of the admins", [] {
      auto deployment = well_configured();
      auto& pooler = deployment.poolers[0];
      set(pooler, "admin_users", "ops , app");

      return deployment;
    })};

const Registered variable{
    fires("admin-is-application", Severity::warning, "a container's variable names it", [] {
      auto deployment = well_configured();
      auto& pooler = deployment.poolers[0];
      set(pooler, "admin_users", "app");
      pooler.form = PoolerFacts::Form::environment;
      pooler.settings.find("admin_users")->second.written_as = "ADMIN_USERS";

      return deployment;
    })};

const Registered part{silent("admin-is-application", "an admin is called nearly like it", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  set(pooler, "admin_users", "app_admin");

  return deployment;
})};

const Registered stats{silent("admin-is-application", "it may only look", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  set(pooler, "stats_users", "app");

  return deployment;
})};

const Registered of_image{
    silent("admin-is-application",
           "the image makes its one user the admin, which no variable changes", [] {
             auto deployment = well_configured();
             auto& pooler = deployment.poolers[0];
             set(pooler, "admin_users", "app");
             pooler.form = PoolerFacts::Form::environment;
             pooler.settings.find("admin_users")->second.written_as = "POSTGRESQL_USERNAME";

             return deployment;
           })};

} // namespace
} // namespace pgtool::test
