#include "rules/cases.hpp"

namespace pgtool::test {
namespace {

const Registered case0{
    fires("package-needs-session", Severity::error, "the engine is that of tenants", [] {
      auto deployment = well_configured();
      auto& alias = deployment.aliases[0];
      alias.alias.engine = "django_tenants.postgresql_backend";
      return deployment;
    })};

const Registered case1{
    fires("package-needs-session", Severity::error, "the middleware of django-rls is on", [] {
      auto deployment = well_configured();
      deployment.project->middleware = {"django_rls.middleware.RLSContextMiddleware"};
      return deployment;
    })};

const Registered case2{fires("package-needs-session", Severity::error,
                             "the middleware of django-rls-tenants sets the session", [] {
                               auto deployment = well_configured();
                               deployment.project->middleware = {
                                   "django_rls_tenants.RLSTenantMiddleware"};
                               return deployment;
                             })};

const Registered case3{
    fires("package-needs-session", Severity::warning, "pgpubsub listens on the default alias", [] {
      auto deployment = well_configured();
      deployment.project->apps.emplace_back("pgpubsub.apps.PgPubSubConfig");
      return deployment;
    })};

const Registered case4{
    fires("package-needs-session", Severity::warning, "the worker of procrastinate listens", [] {
      auto deployment = well_configured();
      deployment.project->apps.emplace_back("procrastinate.contrib.django");
      return deployment;
    })};

const Registered case5{
    fires("package-needs-session", Severity::error, "the channel layer goes to the pooler", [] {
      auto deployment = well_configured();
      deployment.project->package_settings["CHANNEL_LAYERS.channels_postgres"] = "10.0.0.5:6432";
      return deployment;
    })};

const Registered case6{
    fires("package-needs-session", Severity::error, "a lock of the session is taken", [] {
      auto deployment = well_configured();
      deployment.project->uses.push_back(
          {"call", {"shop/tasks.py", 9, ""}, "pglock.advisory", {"default"}});
      return deployment;
    })};

const Registered case7{
    fires("package-needs-session", Severity::error, "django-pglocks takes one", [] {
      auto deployment = well_configured();
      deployment.project->uses.push_back(
          {"call", {"shop/tasks.py", 9, ""}, "django_pglocks.advisory_lock", {"default"}});
      return deployment;
    })};

const Registered case8{fires(
    "package-needs-session", Severity::warning, "a timeout is set outside of a transaction", [] {
      auto deployment = well_configured();
      deployment.project->uses.push_back(
          {"call", {"shop/tasks.py", 9, ""}, "pgactivity.timeout", {"default"}});
      return deployment;
    })};

const Registered case9{
    fires("package-needs-session", Severity::warning, "nobody tells the mode", [] {
      auto deployment = well_configured();
      auto& alias = deployment.aliases[0];
      deployment.project->uses.push_back(
          {"call", {"shop/tasks.py", 9, ""}, "pglock.advisory", {"default"}});
      alias.pool_mode = "unknown";
      return deployment;
    })};

const Registered case10{silent("package-needs-session", "the pool is in session mode", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  alias.alias.engine = "django_tenants.postgresql_backend";
  alias.pool_mode = "session";
  return deployment;
})};

const Registered case11{silent("package-needs-session", "tenants have no pooler", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  alias.alias.engine = "django_tenants.postgresql_backend";
  alias.pool_mode = "none";
  alias.pooler_kind = "none";
  alias.pooler.reset();
  return deployment;
})};

const Registered case12{
    silent("package-needs-session", "django-rls-tenants sets the transaction", [] {
      auto deployment = well_configured();
      deployment.project->middleware = {"django_rls_tenants.RLSTenantMiddleware"};
      deployment.project->package_settings["RLS_TENANTS.USE_LOCAL_SET"] = "1";
      return deployment;
    })};

const Registered case13{
    silent("package-needs-session", "procrastinate has an alias of its own", [] {
      auto deployment = well_configured();
      deployment.project->apps.emplace_back("procrastinate.contrib.django");
      deployment.project->package_settings["PROCRASTINATE_DATABASE_ALIAS"] = "direct";
      return deployment;
    })};

const Registered case14{silent("package-needs-session", "procrastinate only polls", [] {
  auto deployment = well_configured();
  deployment.project->apps.emplace_back("procrastinate.contrib.django");
  deployment.project->package_settings["PROCRASTINATE_WORKER_DEFAULTS.no_listen"] = "1";
  return deployment;
})};

const Registered case15{
    silent("package-needs-session", "the channel layer goes past the pooler", [] {
      auto deployment = well_configured();
      deployment.project->package_settings["CHANNEL_LAYERS.channels_postgres"] = "10.0.0.7:5432";
      return deployment;
    })};

const Registered case16{silent("package-needs-session", "the lock is taken on another alias", [] {
  auto deployment = well_configured();
  deployment.project->uses.push_back(
      {"call", {"shop/tasks.py", 9, ""}, "pglock.advisory", {"direct"}});
  return deployment;
})};

const Registered case17{silent("package-needs-session", "requests are atomic", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  deployment.project->uses.push_back(
      {"call", {"shop/tasks.py", 9, ""}, "pglock.timeout", {"default"}});
  alias.alias.atomic_requests = true;
  return deployment;
})};

const Registered case18{silent("package-needs-session", "packages that are fine", [] {
  auto deployment = well_configured();
  deployment.project->apps.insert(
      deployment.project->apps.end(),
      {"pghistory", "pgtrigger", "psqlextra", "django_celery_beat", "pglock"});
  return deployment;
})};

} // namespace
} // namespace pgtool::test
