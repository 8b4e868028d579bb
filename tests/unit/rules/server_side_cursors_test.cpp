#include "rules/cases.hpp"

namespace pgtool::test {
namespace {

const Registered on{
    fires("server-side-cursors", Severity::error, "cursors are on in transaction mode", [] {
      auto deployment = well_configured();
      deployment.aliases[0].alias.server_side_cursors = true;
      return deployment;
    })};

const Registered unknown{fires("server-side-cursors", Severity::warning,
                               "cursors are on behind a pooler whose mode nobody tells", [] {
                                 auto deployment = well_configured();
                                 deployment.aliases[0].alias.server_side_cursors = true;
                                 deployment.aliases[0].pool_mode = "unknown";
                                 return deployment;
                               })};

const Registered session{silent("server-side-cursors", "cursors are on in session mode", [] {
  auto deployment = well_configured();
  deployment.aliases[0].alias.server_side_cursors = true;
  deployment.aliases[0].pool_mode = "session";
  return deployment;
})};

const Registered direct{silent("server-side-cursors", "cursors are on past the pooler", [] {
  auto deployment = well_configured();
  deployment.aliases[0].alias.server_side_cursors = true;
  deployment.aliases[0].pool_mode = "none";
  deployment.aliases[0].pooler_kind = "none";
  deployment.aliases[0].pooler.reset();
  return deployment;
})};

} // namespace
} // namespace pgtool::test
