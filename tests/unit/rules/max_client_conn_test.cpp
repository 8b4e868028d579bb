#include "rules/cases.hpp"

namespace pgtool::test {
namespace {

const Registered threads{
    fires("max-client-conn", Severity::warning, "workers have more threads", [] {
      auto deployment = well_configured();
      deployment.project->workers.push_back(
          {"gunicorn", {"Procfile", 1, ""}, 40, 20, std::nullopt});

      return deployment;
    })};

const Registered files{
    fires("max-client-conn", Severity::warning, "the process may not open as many files", [] {
      auto deployment = well_configured();
      auto& pooler = deployment.poolers[0];
      pooler.file_limit = 256;

      return deployment;
    })};

const Registered fits{silent("max-client-conn", "there is room for all threads", [] {
  auto deployment = well_configured();
  deployment.project->workers.push_back({"gunicorn", {"Procfile", 1, ""}, 8, 4, std::nullopt});

  return deployment;
})};

const Registered twice{silent("max-client-conn", "two files describe the same workers", [] {
  auto deployment = well_configured();
  deployment.project->workers.push_back({"gunicorn", {"Procfile", 1, ""}, 10, 40, std::nullopt});
  deployment.project->workers.push_back({"gunicorn", {"Procfile", 1, ""}, 10, 40, std::nullopt});

  return deployment;
})};

const Registered untold{silent("max-client-conn", "nobody tells how many workers there are", [] {
  auto deployment = well_configured();
  deployment.project->workers.push_back(
      {"gunicorn", {"Procfile", 1, ""}, std::nullopt, 64, std::nullopt});

  return deployment;
})};

const Registered enough_files{silent("max-client-conn", "the process may open enough files", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  pooler.file_limit = 1024;

  return deployment;
})};

} // namespace
} // namespace pgtool::test
