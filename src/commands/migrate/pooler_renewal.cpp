#include "commands/migrate/pooler_renewal.hpp"

#include "base/text.hpp"
#include "connector/pooler_admin.hpp"

#include <fmt/core.h>

namespace pgtool {
namespace {

/// In transaction mode such a PgBouncer knows no prepared statements, so there are none to go
/// stale.
bool keeps_no_statements(const PoolerReport& pooler) {
  constexpr int first_minor = 21; // max_prepared_statements came with 1.21
  const auto parts = split(pooler.version, '.');
  const auto minor = parts.size() < 2 ? std::nullopt : parse_integer(parts[1]);
  return pooler.kind == "pgbouncer" && pooler.mode != "session" && parts[0] == "1" && minor &&
         *minor < first_minor;
}

} // namespace

std::optional<Finding> renew_pooled_sessions(Routes& routes, const Context& context) {
  auto request = routes.request;
  request.identify = true;
  const auto found = survey(request);
  PoolerAdmin admin(request, found.pooler);
  const auto recycled = admin.recycle(routes.survey.direct->session.facts().database);
  for (const auto& process : recycled.processes) {
    if (!process.accepted.empty()) {
      context.say(process.place + ": " + join(process.accepted, ", "));
    }
  }
  if (recycled.done()) {
    return std::nullopt;
  }
  Finding finding;
  finding.rule = "no-recycling";
  finding.message =
      "the pooler was not told to renew its sessions: " + first_line(recycled.why_not);
  finding.where.object = request.known.pooled.host() + ":" + request.known.pooled.port();
  finding.detail = recycled.life ? "its sessions end by themselves: " + recycled.life->meaning : "";
  finding.remedy = "name the console of an admin with --console-url, once for each process of the "
                   "pooler; or restart what keeps prepared statements";
  return finding;
}

std::optional<Finding> stale_plans(const Routes& routes) {
  const auto& pooler = routes.survey.pooler;
  if (routes.survey.direct->is_pooled_endpoint || keeps_no_statements(pooler)) {
    return std::nullopt;
  }
  Finding finding;
  finding.rule = "cached-plans";
  finding.severity = Severity::info;
  finding.message =
      "statements that pooled sessions have prepared may fail once with \"cached plan "
      "must not change result type\": columns of tables in use have changed";
  finding.remedy = "pgtool migrate --reconnect-pooler, or RECONNECT on the pooler's console";
  return finding;
}

} // namespace pgtool
