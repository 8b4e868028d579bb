#include "rules/pooler/all.hpp"

#include "base/text.hpp"
#include "rules/pooler/bouncers.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace pgtool::rules {
namespace {

bool asks_for_path(const AliasFacts& alias) {
  const auto settings = alias.startup_settings();
  return std::any_of(settings.begin(), settings.end(),
                     [](const NamedSetting& setting) { return setting.first == "search_path"; });
}

std::vector<Remark> look(const Deployment& deployment) {
  std::vector<Remark> remarks;
  for (const auto* pooler : bouncers(deployment)) {
    const auto ignored = lower(pooler->value("ignore_startup_parameters"));
    const bool is_affected = pooler->is_since("1.26.0") && pooler->is_before("1.26.1") &&
                             (lists(ignored, "search_path") || lists(ignored, "options"));
    for (const auto* alias : aliases_of(deployment, *pooler)) {
      if (is_affected && asks_for_path(*alias)) {
        remarks.push_back(
            {.message = fmt::format("PgBouncer {} applies the search_path of alias '{}' although "
                                    "{} ignores it",
                                    pooler->version, alias->alias.name, pooler->name),
             .where = pooler->place_of("ignore_startup_parameters"),
             .remedy = "upgrade PgBouncer to 1.26.1, or take search_path out of the alias's "
                       "OPTIONS['options']",
             .mode = alias->pool_mode});
      }
    }
  }
  return remarks;
}

} // namespace

const Rule search_path_tracking{
    .slug = "search-path-tracking",
    .area = Area::pooler,
    .grades = always(Severity::warning),
    .summary = "PgBouncer 1.26.0 applies a search_path that it was told to ignore",
    .why = "Since 1.26.0 search_path is tracked, and there it beats ignore_startup_parameters: "
           "tables that lay in public since years are not found any more, or made a second time "
           "in the schema that the alias names.",
    .remedy = "upgrade to 1.26.1, where ignore_startup_parameters wins again",
    .since = "1.26.0",
    .link = "https://www.pgbouncer.org/changelog.html",
    .look = look,
};

} // namespace pgtool::rules
