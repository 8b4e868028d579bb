#include "rules/cases.hpp"

namespace pgtool::test {
namespace {

const Registered case0{fires("persistent-connections", Severity::warning,
                             "connections live for ten minutes in session mode", [] {
                               auto deployment = well_configured();
                               auto& alias = deployment.aliases[0];
                               alias.pool_mode = "session";
                               alias.alias.conn_max_age = 600;
                               return deployment;
                             })};

const Registered case1{fires("persistent-connections", Severity::warning,
                             "connections live for ever in session mode", [] {
                               auto deployment = well_configured();
                               auto& alias = deployment.aliases[0];
                               alias.pool_mode = "session";
                               alias.alias.conn_max_age.reset();
                               return deployment;
                             })};

const Registered case2{fires(
    "persistent-connections", Severity::warning, "more threads than the pool has sessions", [] {
      auto deployment = well_configured();
      auto& alias = deployment.aliases[0];
      alias.pool_mode = "session";
      alias.alias.conn_max_age = 60;
      deployment.project->workers.push_back({"gunicorn", {"gunicorn.conf.py", 3, ""}, 4, 8, {}});
      return deployment;
    })};

const Registered case3{silent("persistent-connections", "the pool is in transaction mode", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  alias.alias.conn_max_age.reset();
  return deployment;
})};

const Registered case4{silent("persistent-connections", "Django closes after each request", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  alias.pool_mode = "session";
  return deployment;
})};

const Registered case5{
    silent("persistent-connections", "the pool has a session for each thread", [] {
      auto deployment = well_configured();
      auto& alias = deployment.aliases[0];
      alias.pool_mode = "session";
      alias.alias.conn_max_age = 60;
      deployment.project->workers.push_back({"gunicorn", {"gunicorn.conf.py", 3, ""}, 4, 4, {}});
      return deployment;
    })};

const Registered case6{silent("persistent-connections", "there is no pooler", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  alias.alias.conn_max_age = 600;
  alias.pool_mode = "none";
  alias.pooler_kind = "none";
  alias.pooler.reset();
  return deployment;
})};

} // namespace
} // namespace pgtool::test
