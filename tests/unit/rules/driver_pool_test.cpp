#include "rules/cases.hpp"

namespace pgtool::test {
namespace {

const Registered case0{
    fires("driver-pool", Severity::warning, "psycopg pools before a pool in session mode", [] {
      auto deployment = well_configured();
      auto& alias = deployment.aliases[0];
      alias.pool_mode = "session";
      alias.alias.driver_pool = true;
      return deployment;
    })};

const Registered case1{
    fires("driver-pool", Severity::warning, "an engine pools before a pool in session mode", [] {
      auto deployment = well_configured();
      auto& alias = deployment.aliases[0];
      alias.pool_mode = "session";
      alias.alias.engine = "dj_db_conn_pool.backends.postgresql";
      return deployment;
    })};

const Registered case2{silent("driver-pool", "the pool is in transaction mode", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  alias.alias.driver_pool = true;
  return deployment;
})};

const Registered case3{silent("driver-pool", "there is no pooler", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  alias.alias.driver_pool = true;
  alias.pool_mode = "none";
  alias.pooler_kind = "none";
  alias.pooler.reset();
  return deployment;
})};

const Registered case4{silent("driver-pool", "an engine of another package", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  alias.pool_mode = "session";
  alias.alias.engine = "django_prometheus.db.backends.postgresql";
  return deployment;
})};

} // namespace
} // namespace pgtool::test
