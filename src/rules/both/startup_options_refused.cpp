#include "rules/both/all.hpp"

#include "rules/both/option_fates.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace pgtool::rules {
namespace {

bool is_about_path(const std::vector<FatedOption>& options) {
  return std::any_of(options.begin(), options.end(),
                     [](const FatedOption& one) { return one.name == "search_path"; });
}

std::vector<Remark> look(const Deployment& deployment) {
  std::vector<Remark> remarks;
  for (const auto& alias : deployment.aliases) {
    const auto refused = options_with(OptionFate::refused, option_fates(deployment, alias));
    const bool said_so = !alias.refused_options.empty() && alias.startup_settings().empty();
    if ((refused.empty() && !said_so) || is_about_path(refused)) {
      continue; // search-path-option has that
    }
    remarks.push_back(
        {.message =
             fmt::format("the pooler refuses {} of alias '{}': Django cannot connect",
                         refused.empty() ? "the OPTIONS" : options_text(refused), alias.alias.name),
         .where = alias.place_of("OPTIONS.options"),
         .detail = said_so ? alias.refused_options : refused.front().how,
         .remedy = refused.empty() ? ""
                                   : role_statements(deployment, alias, refused) +
                                         " then take it out of OPTIONS",
         .mode = alias.pool_mode});
  }
  return remarks;
}

} // namespace

const Rule startup_options_refused{
    .slug = "startup-options-refused",
    .area = Area::both,
    .grades = {Severity::error, Severity::error, Severity::error, std::nullopt, Severity::error},
    .summary = "The pooler refuses the connection options of an alias",
    .why = "PgBouncer answers `unsupported startup parameter: options`, since 1.20 with the name "
           "of the setting: Django cannot connect through this pooler as long as OPTIONS holds "
           "them.",
    .remedy = "set them on the role: ALTER ROLE … IN DATABASE … SET …",
    .link = "https://www.pgbouncer.org/config.html#ignore_startup_parameters",
    .look = look,
};

} // namespace pgtool::rules
