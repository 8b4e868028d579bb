#include "rules/cases.hpp"

namespace pgtool::test {
namespace {

const Registered default_one{
    fires("query-wait-timeout", Severity::info, "the default outlasts gunicorn", [] {
      auto deployment = well_configured();
      deployment.project->workers.push_back({"gunicorn", {"Procfile", 1, ""}, 4, 1, 30.0});

      return deployment;
    })};

const Registered ever{fires("query-wait-timeout", Severity::info, "it waits for ever", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  deployment.project->workers.push_back({"gunicorn", {"Procfile", 1, ""}, 4, 1, 30.0});
  set(pooler, "query_wait_timeout", "0");

  return deployment;
})};

const Registered shorter{silent("query-wait-timeout", "it answers first", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  deployment.project->workers.push_back({"gunicorn", {"Procfile", 1, ""}, 4, 1, 30.0});
  set(pooler, "query_wait_timeout", "10");

  return deployment;
})};

const Registered patient{silent("query-wait-timeout", "gunicorn waits longer", [] {
  auto deployment = well_configured();
  deployment.project->workers.push_back({"gunicorn", {"Procfile", 1, ""}, 4, 1, 180.0});

  return deployment;
})};

const Registered untold{
    silent("query-wait-timeout", "nobody tells how long the web server waits", [] {
      auto deployment = well_configured();
      deployment.project->workers.push_back({"gunicorn", {"Procfile", 1, ""}, 4, 1, std::nullopt});

      return deployment;
    })};

const Registered endless{silent("query-wait-timeout", "the web server waits for ever", [] {
  auto deployment = well_configured();
  deployment.project->workers.push_back({"gunicorn", {"Procfile", 1, ""}, 4, 1, 0.0});

  return deployment;
})};

} // namespace
} // namespace pgtool::test
