#include "rules/cases.hpp"

namespace pgtool::test {
namespace {

const Registered case0{
    fires("startup-options-ignored", Severity::warning, "PgBouncer is told to drop options", [] {
      auto deployment = well_configured();
      auto& alias = deployment.aliases[0];
      alias.alias.endpoint.set("options", "-c statement_timeout=5000");
      alias.was_reached = false;
      set(deployment.poolers[0], "ignore_startup_parameters", "extra_float_digits,options");
      return deployment;
    })};

const Registered case1{fires("startup-options-ignored", Severity::warning,
                             "a session through the pool does not have it", [] {
                               auto deployment = well_configured();
                               auto& alias = deployment.aliases[0];
                               alias.alias.endpoint.set("options", "-c statement_timeout=5000");
                               alias.lost_options.emplace();
                               alias.lost_options->push_back({"statement_timeout", "5s", "0"});
                               return deployment;
                             })};

const Registered case2{fires(
    "startup-options-ignored", Severity::warning, "PgBouncer 1.25 is told to drop that one", [] {
      auto deployment = well_configured();
      auto& alias = deployment.aliases[0];
      alias.alias.endpoint.set("options", "-c statement_timeout=5000");
      alias.was_reached = false;
      deployment.poolers[0].version = "1.25.1";
      alias.pooler_version = "1.25.1";
      set(deployment.poolers[0], "ignore_startup_parameters", "statement_timeout");
      return deployment;
    })};

const Registered case3{silent(
    "startup-options-ignored", "search_path is dropped, too: that is told by another rule", [] {
      auto deployment = well_configured();
      auto& alias = deployment.aliases[0];
      alias.alias.endpoint.set("options", "-c statement_timeout=5000 -c search_path=a");
      alias.was_reached = false;
      set(deployment.poolers[0], "ignore_startup_parameters", "options");
      return deployment;
    })};

const Registered case4{
    silent("startup-options-ignored", "search_path is had, statement_timeout is, too", [] {
      auto deployment = well_configured();
      auto& alias = deployment.aliases[0];
      alias.alias.endpoint.set("options", "-c statement_timeout=5000 -c search_path=a");
      alias.lost_options.emplace();
      return deployment;
    })};

const Registered case5{
    silent("startup-options-ignored",
           "PgBouncer 1.18 looks for options in the list, not for the setting", [] {
             auto deployment = well_configured();
             auto& alias = deployment.aliases[0];
             alias.alias.endpoint.set("options", "-c statement_timeout=5000");
             alias.was_reached = false;
             set(deployment.poolers[0], "ignore_startup_parameters", "statement_timeout");
             return deployment;
           })};

const Registered case6{silent("startup-options-ignored", "nothing is asked for", [] {
  auto deployment = well_configured();
  set(deployment.poolers[0], "ignore_startup_parameters", "options");
  return deployment;
})};

} // namespace
} // namespace pgtool::test
