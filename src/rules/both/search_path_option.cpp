#include "rules/both/all.hpp"

#include "rules/both/option_fates.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::string what_happens(const FatedOption& path) {
  switch (path.fate) {
  case OptionFate::refused:
    return "which the pooler refuses: Django cannot connect";
  case OptionFate::ignored:
    return "which the pooler drops without a word";
  default:
    return "which the pooler sets as one single name";
  }
}

std::vector<Remark> look(const Deployment& deployment) {
  std::vector<Remark> remarks;
  for (const auto& alias : deployment.aliases) {
    for (const auto& one : option_fates(deployment, alias)) {
      if (one.name != "search_path" || one.fate == OptionFate::honoured ||
          one.fate == OptionFate::unknown) {
        continue;
      }
      remarks.push_back(
          {.message = fmt::format("alias '{}' sets search_path = {} in OPTIONS, {}",
                                  alias.alias.name, one.value, what_happens(one)),
           .where = alias.place_of("OPTIONS.options"),
           .detail = one.how,
           .remedy = role_statements(deployment, alias, {one}) +
                     " then take it out of OPTIONS and let the pooler reconnect (RECONNECT; on its "
                     "console); pgtool schema-move does both where tables have to follow",
           .mode = alias.pool_mode});
    }
  }
  return remarks;
}

} // namespace

const Rule search_path_option{
    .slug = "search-path-option",
    .area = Area::both,
    .grades = {Severity::error, Severity::error, Severity::error, std::nullopt, Severity::error},
    .summary = "search_path stands in OPTIONS behind a pooler that does not pass it on",
    .why = "PgBouncer answers `unsupported startup parameter: options` (since 1.20 `unsupported "
           "startup parameter in options: search_path`), or it drops the option where "
           "ignore_startup_parameters has it. Then everything works, in another schema: migrate "
           "builds every table a second time in public, and the site reads the empty ones.",
    .remedy = "set it on the role: ALTER ROLE … IN DATABASE … SET search_path = …, and take it out "
              "of OPTIONS",
    .link = "https://www.pgbouncer.org/config.html#ignore_startup_parameters",
    .look = look,
};

} // namespace pgtool::rules
