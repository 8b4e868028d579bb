#include "rules/pooler/all.hpp"

#include "rules/pooler/bouncers.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

constexpr double longest = 86400;

std::vector<Remark> look(const Deployment& deployment) {
  std::vector<Remark> remarks;
  for (const auto* pooler : bouncers(deployment)) {
    const auto lifetime = pooler->seconds("server_lifetime");
    if (lifetime && *lifetime == 0) {
      remarks.push_back({.message = fmt::format("{} closes each server session after its first use "
                                                "(server_lifetime = 0)",
                                                pooler->name),
                         .where = pooler->place_of("server_lifetime"),
                         .remedy = pooler->line_for("server_lifetime", "3600"),
                         .edits = pooler->edit_for("server_lifetime", "3600")});
    } else if (lifetime && *lifetime > longest && pooler->is_complete &&
               pooler->value("admin_users").empty()) {
      remarks.push_back(
          {.message = fmt::format("server sessions of {} live up to {:.0f} h, and nobody may tell "
                                  "it to RECONNECT (admin_users is empty)",
                                  pooler->name, *lifetime / 3600),
           .where = pooler->place_of("server_lifetime"),
           .remedy = pooler->line_for("server_lifetime", "3600") + ", or " +
                     pooler->line_for("admin_users", "bouncer_admin"),
           .severity = Severity::info,
           .edits = pooler->edit_for("server_lifetime", "3600")});
    }
  }
  return remarks;
}

} // namespace

const Rule server_lifetime{
    .slug = "server-lifetime",
    .area = Area::pooler,
    .grades = always(Severity::warning),
    .summary = "Server sessions live too short to be pooled, or too long to be renewed",
    .why =
        "With 0 each transaction pays for a login again, and the pooler pools nothing. With days "
        "a change such as ALTER ROLE … SET search_path, a failover's new address or a rotated "
        "password reaches sessions only when they end, unless an admin sends RECONNECT.",
    .remedy = "leave server_lifetime at 3600, and name a user in admin_users",
    .link = "https://www.pgbouncer.org/config.html#server_lifetime",
    .look = look,
};

} // namespace pgtool::rules
