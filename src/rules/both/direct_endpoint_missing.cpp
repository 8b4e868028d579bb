#include "rules/both/all.hpp"

#include "rules/both/direct_endpoint.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::string what_was_tried(const AliasFacts& alias) {
  std::vector<std::string> tried;
  for (const auto& one : alias.unproved) {
    tried.push_back(fmt::format("{} ({}): {}", one.place, one.origin, first_line(one.reason)));
  }
  return tried.empty() ? "" : "looked at: " + join(tried, "; ");
}

/// The way is known, and leads to other schemas because the pooler drops the alias's search_path:
/// that is said by the rule of search_path.
bool is_hidden_by_path(const AliasFacts& alias) {
  const auto settings = alias.startup_settings();
  const bool has_path = std::any_of(settings.begin(), settings.end(),
                                    [](const auto& one) { return one.first == "search_path"; });
  return has_path && std::any_of(alias.unproved.begin(), alias.unproved.end(),
                                 [](const auto& one) { return one.view_differs; });
}

std::vector<Remark> look(const Deployment& deployment) {
  std::vector<Remark> remarks;
  for (const auto& alias : deployment.aliases) {
    const bool is_told = named_endpoint(alias) != nullptr || !alias.direct_said.empty();
    if (!wants_direct_endpoint(alias) || is_told || is_hidden_by_path(alias)) {
      continue;
    }
    remarks.push_back(
        {.message = fmt::format("no way past the pooler is known for alias '{}'", alias.alias.name),
         .where = alias.place_of(""),
         .detail = what_was_tried(alias),
         .mode = alias.pool_mode});
  }
  return remarks;
}

} // namespace

const Rule direct_endpoint_missing{
    .slug = "direct-endpoint-missing",
    .area = Area::both,
    .grades = {Severity::warning, Severity::warning, Severity::info, std::nullopt, std::nullopt},
    .summary = "No direct endpoint is configured for a pooled alias",
    .why = "migrate takes advisory locks, sets timeouts and builds indexes: on a session that the "
           "pool shares none of it is sure. Without an endpoint past the pooler a deploy has no "
           "other way.",
    .remedy = "name PostgreSQL itself with PGTOOL_DIRECT_URL, `databases: {ALIAS: {direct: …}}` in "
              "pgtool.yaml, or a second alias of the same database",
    .look = look,
};

} // namespace pgtool::rules
