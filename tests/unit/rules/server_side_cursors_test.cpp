#include "rules/cases.hpp"

namespace pgtool::test {
namespace {

const Registered case0{
    fires("server-side-cursors", Severity::error, "cursors are on in transaction mode", [] {
      auto deployment = well_configured();
      auto& alias = deployment.aliases[0];
      alias.alias.server_side_cursors = true;
      return deployment;
    })};

const Registered case1{fires("server-side-cursors", Severity::warning,
                             "cursors are on behind a pooler whose mode nobody tells", [] {
                               auto deployment = well_configured();
                               auto& alias = deployment.aliases[0];
                               alias.alias.server_side_cursors = true;
                               alias.pool_mode = "unknown";
                               return deployment;
                             })};

const Registered case2{fires("server-side-cursors", Severity::error,
                             "Pgpool-II 4.3 ends the connection in session mode, too", [] {
                               auto deployment = well_configured();
                               auto& alias = deployment.aliases[0];
                               alias.alias.server_side_cursors = true;
                               alias.pool_mode = "session";
                               alias.pooler_kind = "pgpool";
                               alias.pooler_version = "4.3.5";
                               deployment.poolers[0].kind = "pgpool";
                               return deployment;
                             })};

const Registered case3{silent("server-side-cursors", "cursors are on in session mode", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  alias.alias.server_side_cursors = true;
  alias.pool_mode = "session";
  return deployment;
})};

const Registered case4{silent("server-side-cursors", "cursors are on past the pooler", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  alias.alias.server_side_cursors = true;
  alias.pool_mode = "none";
  alias.pooler_kind = "none";
  alias.pooler.reset();
  return deployment;
})};

const Registered case5{
    silent("server-side-cursors", "RDS Proxy keeps the session of a client with a cursor", [] {
      auto deployment = well_configured();
      auto& alias = deployment.aliases[0];
      alias.alias.server_side_cursors = true;
      alias.pooler_kind = "rds-proxy";
      alias.pool_mode = "unknown";
      deployment.poolers[0].kind = "rds-proxy";
      return deployment;
    })};

const Registered case6{
    silent("server-side-cursors", "the source iterates, and the cursors are off", [] {
      auto deployment = well_configured();
      deployment.project->uses.push_back({"iterator", {"shop/export.py", 4, ""}, "", {}});
      return deployment;
    })};

} // namespace
} // namespace pgtool::test
