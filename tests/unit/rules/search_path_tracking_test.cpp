#include "rules/cases.hpp"

namespace pgtool::test {
namespace {

const Registered ignored{
    fires("search-path-tracking", Severity::warning, "1.26.0 does not ignore it",
          [] {
            auto deployment = well_configured();
            auto& pooler = deployment.poolers[0];
            auto& alias = deployment.aliases[0];
            pooler.version = "1.26.0";
            set(pooler, "ignore_startup_parameters", "extra_float_digits, options");
            alias.alias.endpoint.set("options", "-c search_path=shop");

            return deployment;
          },
          {"options-ignored", "search-path-option", "startup-options", "startup-options-dropped"})};

const Registered cured{silent("search-path-tracking", "1.26.1 does", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  auto& alias = deployment.aliases[0];
  pooler.version = "1.26.1";
  set(pooler, "ignore_startup_parameters", "extra_float_digits, options");
  alias.alias.endpoint.set("options", "-c search_path=shop");

  return deployment;
})};

const Registered before{silent("search-path-tracking", "1.25 did", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  auto& alias = deployment.aliases[0];
  pooler.version = "1.25.2";
  set(pooler, "ignore_startup_parameters", "options");
  alias.alias.endpoint.set("options", "-c search_path=shop");

  return deployment;
})};

const Registered meant{silent("search-path-tracking", "nobody is told to ignore it", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  auto& alias = deployment.aliases[0];
  pooler.version = "1.26.0";
  set(pooler, "ignore_startup_parameters", "extra_float_digits");
  alias.alias.endpoint.set("options", "-c search_path=shop");

  return deployment;
})};

const Registered unasked{silent("search-path-tracking", "no alias asks for a path", [] {
  auto deployment = well_configured();
  auto& pooler = deployment.poolers[0];
  pooler.version = "1.26.0";
  set(pooler, "ignore_startup_parameters", "search_path");

  return deployment;
})};

} // namespace
} // namespace pgtool::test
