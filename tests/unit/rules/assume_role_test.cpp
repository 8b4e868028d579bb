#include "rules/cases.hpp"

namespace pgtool::test {
namespace {

const Registered case0{fires("assume-role", Severity::error, "the pool is in transaction mode", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  alias.alias.assume_role = "owner";
  return deployment;
})};

const Registered case1{fires("assume-role", Severity::warning, "nobody tells the mode", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  alias.alias.assume_role = "owner";
  alias.pool_mode = "unknown";
  return deployment;
})};

const Registered case2{silent("assume-role", "the pool is in session mode", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  alias.alias.assume_role = "owner";
  alias.pool_mode = "session";
  return deployment;
})};

const Registered case3{silent("assume-role", "there is no pooler", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  alias.alias.assume_role = "owner";
  alias.pool_mode = "none";
  alias.pooler_kind = "none";
  alias.pooler.reset();
  return deployment;
})};

} // namespace
} // namespace pgtool::test
