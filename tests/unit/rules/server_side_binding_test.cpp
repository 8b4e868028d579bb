#include "rules/cases.hpp"

namespace pgtool::test {
namespace {

const Registered case0{
    fires("server-side-binding", Severity::error, "PgBouncer 1.18 keeps no statements", [] {
      auto deployment = well_configured();
      auto& alias = deployment.aliases[0];
      alias.alias.server_side_binding = true;
      alias.alias.prepare_threshold = 5;
      return deployment;
    })};

const Registered case1{
    fires("server-side-binding", Severity::error, "PgBouncer 1.22 is not told to", [] {
      auto deployment = well_configured();
      auto& alias = deployment.aliases[0];
      alias.alias.server_side_binding = true;
      alias.alias.prepare_threshold = 0;
      deployment.poolers[0].version = "1.22.1";
      alias.pooler_version = "1.22.1";
      return deployment;
    })};

const Registered case2{
    fires("server-side-binding", Severity::error, "PgBouncer 1.26 is told not to", [] {
      auto deployment = well_configured();
      auto& alias = deployment.aliases[0];
      alias.alias.server_side_binding = true;
      alias.alias.prepare_threshold = 5;
      deployment.poolers[0].version = "1.26.1";
      alias.pooler_version = "1.26.1";
      set(deployment.poolers[0], "max_prepared_statements", "0");
      return deployment;
    })};

const Registered case3{
    silent("server-side-binding", "server_side_binding alone prepares nothing", [] {
      auto deployment = well_configured();
      auto& alias = deployment.aliases[0];
      alias.alias.server_side_binding = true;
      return deployment;
    })};

const Registered case4{
    silent("server-side-binding", "prepare_threshold alone prepares nothing", [] {
      auto deployment = well_configured();
      auto& alias = deployment.aliases[0];
      alias.alias.prepare_threshold = 5;
      return deployment;
    })};

const Registered case5{silent("server-side-binding", "PgBouncer 1.26 keeps 200", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  alias.alias.server_side_binding = true;
  alias.alias.prepare_threshold = 5;
  deployment.poolers[0].version = "1.26.1";
  alias.pooler_version = "1.26.1";
  return deployment;
})};

const Registered case6{fires("server-side-binding", Severity::error,
                             "PgBouncer is before 1.20, and nobody knows more", [] {
                               auto deployment = well_configured();
                               auto& alias = deployment.aliases[0];
                               alias.alias.server_side_binding = true;
                               alias.alias.prepare_threshold = 5;
                               deployment.poolers[0].version = "before 1.20";
                               alias.pooler_version = "before 1.20";
                               return deployment;
                             })};

const Registered case7{silent("server-side-binding", "nobody knows the version", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  alias.alias.server_side_binding = true;
  alias.alias.prepare_threshold = 5;
  deployment.poolers[0].version = "";
  alias.pooler_version = "";
  return deployment;
})};

const Registered case8{
    silent("server-side-binding", "PgBouncer is 1.20 or later, and nobody knows more", [] {
      auto deployment = well_configured();
      auto& alias = deployment.aliases[0];
      alias.alias.server_side_binding = true;
      alias.alias.prepare_threshold = 5;
      deployment.poolers[0].version = "1.20 or later";
      alias.pooler_version = "1.20 or later";
      return deployment;
    })};

const Registered case9{silent("server-side-binding", "the pool is in session mode", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  alias.alias.server_side_binding = true;
  alias.alias.prepare_threshold = 5;
  alias.pool_mode = "session";
  return deployment;
})};

} // namespace
} // namespace pgtool::test
