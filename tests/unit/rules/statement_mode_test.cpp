#include "rules/cases.hpp"

namespace pgtool::test {
namespace {

const Registered case0{
    fires("statement-mode", Severity::error, "the pool is in statement mode", [] {
      auto deployment = well_configured();
      auto& alias = deployment.aliases[0];
      alias.pool_mode = "statement";
      set(deployment.poolers[0], "pool_mode", "statement");
      return deployment;
    })};

const Registered case1{
    fires("statement-mode", Severity::error, "the database has a mode of its own", [] {
      auto deployment = well_configured();
      auto& alias = deployment.aliases[0];
      alias.pool_mode = "statement";
      deployment.poolers[0].databases[0].mode = "statement";
      return deployment;
    })};

const Registered case2{silent("statement-mode", "the mode is that of another database", [] {
  auto deployment = well_configured();
  OfferedDatabase other;
  other.name = "reports";
  other.mode = "statement";
  deployment.poolers[0].databases.push_back(std::move(other));
  return deployment;
})};

} // namespace
} // namespace pgtool::test
