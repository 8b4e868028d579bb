#include "rules/cases.hpp"

namespace pgtool::test {
namespace {

const Registered case0{
    fires("atomic-requests", Severity::warning, "32 threads want 20 sessions", [] {
      auto deployment = well_configured();
      auto& alias = deployment.aliases[0];
      alias.alias.atomic_requests = true;
      deployment.project->workers.push_back({"gunicorn", {"gunicorn.conf.py", 3, ""}, 4, 8, {}});
      return deployment;
    })};

const Registered case1{
    fires("atomic-requests", Severity::warning, "the database has a smaller pool of its own", [] {
      auto deployment = well_configured();
      auto& alias = deployment.aliases[0];
      alias.alias.atomic_requests = true;
      deployment.project->workers.push_back({"gunicorn", {"gunicorn.conf.py", 3, ""}, 2, 4, {}});
      deployment.poolers[0].databases[0].settings["pool_size"] = Setting{"5", {}, "pool_size"};
      return deployment;
    })};

const Registered case2{silent("atomic-requests", "the pool has a session for each", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  alias.alias.atomic_requests = true;
  deployment.project->workers.push_back({"gunicorn", {"gunicorn.conf.py", 3, ""}, 4, 5, {}});
  return deployment;
})};

const Registered case3{silent("atomic-requests", "nobody tells the threads", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  alias.alias.atomic_requests = true;
  deployment.project->workers.push_back({"gunicorn", {"gunicorn.conf.py", 3, ""}, 40, {}, {}});
  return deployment;
})};

const Registered case4{silent("atomic-requests", "requests are not atomic", [] {
  auto deployment = well_configured();
  deployment.project->workers.push_back({"gunicorn", {"gunicorn.conf.py", 3, ""}, 40, 8, {}});
  return deployment;
})};

const Registered case5{silent("atomic-requests", "the reserve has room for the rest", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  alias.alias.atomic_requests = true;
  deployment.project->workers.push_back({"gunicorn", {"gunicorn.conf.py", 3, ""}, 4, 8, {}});
  set(deployment.poolers[0], "reserve_pool_size", "12");
  return deployment;
})};

} // namespace
} // namespace pgtool::test
