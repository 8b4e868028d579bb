#include "rules/cases.hpp"

namespace pgtool::test {
namespace {

const Registered case0{
    fires("search-path-option", Severity::error, "PgBouncer 1.18 refuses options", [] {
      auto deployment = well_configured();
      auto& alias = deployment.aliases[0];
      alias.alias.endpoint.set("options", "-c search_path=tenant1");
      alias.was_reached = false;
      return deployment;
    })};

const Registered case1{
    fires("search-path-option", Severity::error, "somebody was refused just now", [] {
      auto deployment = well_configured();
      auto& alias = deployment.aliases[0];
      alias.alias.endpoint.set("options", "-c search_path=tenant1,public");
      alias.refused_options = "unsupported startup parameter: options";
      return deployment;
    })};

const Registered case2{fires("search-path-option", Severity::error, "PgBouncer 1.25 names it", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  alias.alias.endpoint.set("options", "-csearch_path=tenant1");
  deployment.poolers[0].version = "1.25.1";
  alias.pooler_version = "1.25.1";
  alias.refused_options = "FATAL:  unsupported startup parameter in options: search_path";
  return deployment;
})};

const Registered case3{
    fires("search-path-option", Severity::error, "PgBouncer is told to drop options", [] {
      auto deployment = well_configured();
      auto& alias = deployment.aliases[0];
      alias.alias.endpoint.set("options", "-c search_path=tenant1");
      alias.was_reached = false;
      set(deployment.poolers[0], "ignore_startup_parameters", "extra_float_digits, options");
      return deployment;
    })};

const Registered case4{
    fires("search-path-option", Severity::error, "PgBouncer 1.26.1 is told to drop it", [] {
      auto deployment = well_configured();
      auto& alias = deployment.aliases[0];
      alias.alias.endpoint.set("options", "-c search_path=tenant1");
      alias.was_reached = false;
      deployment.poolers[0].version = "1.26.1";
      alias.pooler_version = "1.26.1";
      set(deployment.poolers[0], "ignore_startup_parameters", "search_path");
      return deployment;
    })};

const Registered case5{fires("search-path-option", Severity::error,
                             "a session through the pool does not have it, whoever the pooler is",
                             [] {
                               auto deployment = well_configured();
                               auto& alias = deployment.aliases[0];
                               alias.alias.endpoint.set("options", "-c search_path=tenant1");
                               alias.pooler_kind = "unknown";
                               alias.pooler.reset();
                               alias.lost_options.emplace();
                               alias.lost_options->push_back({"search_path", "tenant1", "public"});
                               return deployment;
                             })};

const Registered case6{fires("search-path-option", Severity::error, "pgcat drops it", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  alias.alias.endpoint.set("options", "-c search_path=tenant1");
  alias.was_reached = false;
  alias.pooler_kind = "pgcat";
  deployment.poolers[0].kind = "pgcat";
  return deployment;
})};

const Registered case7{
    fires("search-path-option", Severity::error, "PgDog takes the list for one name", [] {
      auto deployment = well_configured();
      auto& alias = deployment.aliases[0];
      alias.alias.endpoint.set("options", "-c search_path=tenant1,public");
      alias.pooler_kind = "pgdog";
      deployment.poolers[0].kind = "pgdog";
      alias.lost_options.emplace();
      alias.lost_options->push_back({"search_path", "tenant1,public", "\"tenant1,public\""});
      return deployment;
    })};

const Registered case8{fires("search-path-option", Severity::error,
                             "it stands beside another option that is dropped, too", [] {
                               auto deployment = well_configured();
                               auto& alias = deployment.aliases[0];
                               alias.alias.endpoint.set(
                                   "options", "-c search_path=tenant1 -c lock_timeout=2s");
                               alias.was_reached = false;
                               set(deployment.poolers[0], "ignore_startup_parameters", "options");
                               return deployment;
                             })};

const Registered case9{
    fires("search-path-option", Severity::error, "it is dropped in session mode, too", [] {
      auto deployment = well_configured();
      auto& alias = deployment.aliases[0];
      alias.alias.endpoint.set("options", "-c search_path=tenant1");
      alias.was_reached = false;
      set(deployment.poolers[0], "ignore_startup_parameters", "options");
      alias.pool_mode = "session";
      return deployment;
    })};

const Registered case10{silent("search-path-option", "there is no pooler", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  alias.alias.endpoint.set("options", "-c search_path=tenant1");
  alias.pool_mode = "none";
  alias.pooler_kind = "none";
  alias.pooler.reset();
  return deployment;
})};

const Registered case11{silent("search-path-option", "a session through the pool has it", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  alias.alias.endpoint.set("options", "-c search_path=tenant1");
  alias.lost_options.emplace();
  return deployment;
})};

const Registered case12{
    silent("search-path-option", "a session through the pool has it, whatever the file says", [] {
      auto deployment = well_configured();
      auto& alias = deployment.aliases[0];
      alias.alias.endpoint.set("options", "-c search_path=tenant1");
      set(deployment.poolers[0], "ignore_startup_parameters", "options");
      alias.lost_options.emplace();
      return deployment;
    })};

const Registered case13{silent("search-path-option", "PgBouncer 1.26.1 tracks it", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  alias.alias.endpoint.set("options", "-c search_path=tenant1");
  alias.was_reached = false;
  deployment.poolers[0].version = "1.26.1";
  alias.pooler_version = "1.26.1";
  return deployment;
})};

const Registered case14{silent("search-path-option", "nobody knows the version of PgBouncer", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  alias.alias.endpoint.set("options", "-c search_path=tenant1");
  alias.was_reached = false;
  deployment.poolers[0].version = "";
  alias.pooler_version = "";
  return deployment;
})};

const Registered case15{silent("search-path-option", "PgDog takes one schema for what it is", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  alias.alias.endpoint.set("options", "-c search_path=tenant1");
  alias.was_reached = false;
  alias.pooler_kind = "pgdog";
  deployment.poolers[0].kind = "pgdog";
  return deployment;
})};

const Registered case16{silent("search-path-option", "Odyssey passes it on", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  alias.alias.endpoint.set("options", "-c search_path=tenant1");
  alias.was_reached = false;
  alias.pooler_kind = "odyssey";
  deployment.poolers[0].kind = "odyssey";
  return deployment;
})};

const Registered case17{silent("search-path-option", "Pgpool-II passes it on", [] {
  auto deployment = well_configured();
  auto& alias = deployment.aliases[0];
  alias.alias.endpoint.set("options", "-c search_path=tenant1");
  alias.was_reached = false;
  alias.pooler_kind = "pgpool";
  deployment.poolers[0].kind = "pgpool";
  alias.pool_mode = "session";
  return deployment;
})};

const Registered case18{
    silent("search-path-option", "the pooler drops options, and the alias has none", [] {
      auto deployment = well_configured();
      set(deployment.poolers[0], "ignore_startup_parameters", "options");
      return deployment;
    })};

} // namespace
} // namespace pgtool::test
