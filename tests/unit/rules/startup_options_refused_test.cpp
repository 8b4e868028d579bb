#include "rules/cases.hpp"

namespace pgtool::test {
namespace {

const Registered case0{
    fires("startup-options-refused", Severity::error, "PgBouncer 1.18 refuses options", [] {
      auto deployment = well_configured();
      auto& alias = deployment.aliases[0];
      alias.alias.endpoint.set("options", "-c statement_timeout=5000");
      alias.was_reached = false;
      return deployment;
    })};

const Registered case1{fires("startup-options-refused", Severity::error,
                             "PgBouncer 1.26 refuses what it does not track", [] {
                               auto deployment = well_configured();
                               auto& alias = deployment.aliases[0];
                               alias.alias.endpoint.set("options", "-c statement_timeout=5000");
                               alias.was_reached = false;
                               deployment.poolers[0].version = "1.26.1";
                               alias.pooler_version = "1.26.1";
                               return deployment;
                             })};

const Registered case2{fires("startup-options-refused", Severity::error,
                             "PgBouncer refuses it, whichever version it is", [] {
                               auto deployment = well_configured();
                               auto& alias = deployment.aliases[0];
                               alias.alias.endpoint.set("options", "-c statement_timeout=5000");
                               alias.was_reached = false;
                               deployment.poolers[0].version = "";
                               alias.pooler_version = "";
                               return deployment;
                             })};

const Registered case3{
    fires("startup-options-refused", Severity::error, "somebody was refused just now", [] {
      auto deployment = well_configured();
      auto& alias = deployment.aliases[0];
      alias.alias.endpoint.set("options", "-c statement_timeout=5000");
      alias.refused_options = "unsupported startup parameter: options";
      return deployment;
    })};

const Registered case4{
    fires("startup-options-refused", Severity::error,
          "PgBouncer 1.26 stumbles over one of them, and not over the path", [] {
            auto deployment = well_configured();
            auto& alias = deployment.aliases[0];
            alias.alias.endpoint.set("options", "-c search_path=tenant1 -c statement_timeout=5000");
            deployment.poolers[0].version = "1.26.1";
            alias.pooler_version = "1.26.1";
            alias.refused_options = "unsupported startup parameter in options: statement_timeout";
            return deployment;
          })};

const Registered case5{
    fires("startup-options-refused", Severity::error, "RDS Proxy knows no options", [] {
      auto deployment = well_configured();
      auto& alias = deployment.aliases[0];
      alias.alias.endpoint.set("options", "-c statement_timeout=5000");
      alias.was_reached = false;
      alias.pooler_kind = "rds-proxy";
      deployment.poolers[0].kind = "rds-proxy";
      return deployment;
    })};

const Registered case6{silent(
    "startup-options-refused", "search_path is among them: that is told by another rule", [] {
      auto deployment = well_configured();
      auto& alias = deployment.aliases[0];
      alias.alias.endpoint.set("options", "-c search_path=tenant1 -c statement_timeout=5000");
      alias.was_reached = false;
      return deployment;
    })};

const Registered case7{silent("startup-options-refused", "there is no pooler", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  alias.alias.endpoint.set("options", "-c statement_timeout=5000");
  alias.pool_mode = "none";
  alias.pooler_kind = "none";
  alias.pooler.reset();
  return deployment;
})};

const Registered case8{silent("startup-options-refused", "the session has it", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  alias.alias.endpoint.set("options", "-c statement_timeout=5000");
  alias.lost_options.emplace();
  return deployment;
})};

const Registered case9{silent("startup-options-refused", "PgBouncer 1.20 tracks the time zone", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  alias.alias.endpoint.set("options", "-c TimeZone=UTC");
  alias.was_reached = false;
  deployment.poolers[0].version = "1.20.1";
  alias.pooler_version = "1.20.1";
  return deployment;
})};

const Registered case10{
    silent("startup-options-refused", "it was let in, and nobody looked further", [] {
      auto deployment = well_configured();
      auto& alias = deployment.aliases[0];
      alias.alias.endpoint.set("options", "-c statement_timeout=5000");
      return deployment;
    })};

} // namespace
} // namespace pgtool::test
