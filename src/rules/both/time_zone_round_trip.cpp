#include "rules/both/all.hpp"

#include "sql/quote.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::vector<Remark> look(const Deployment& deployment) {
  std::vector<Remark> remarks;
  for (const auto& alias : deployment.aliases) {
    const auto* server = deployment.server_of(alias);
    const auto& wanted = alias.alias.time_zone;
    const bool each_time = alias.alias.conn_max_age == 0 && !alias.alias.driver_pool;
    if (!alias.is_pooled() || server == nullptr || server->through_pooler || wanted.empty() ||
        server->time_zone.empty() || server->time_zone == wanted || !each_time ||
        alias.alias.endpoint.is_local()) {
      continue; // on one machine nobody feels it
    }
    remarks.push_back(
        {.message = fmt::format("each new connection of alias '{}' sets its TimeZone from {} to "
                                "{}, one round trip before its first query",
                                alias.alias.name, server->time_zone, wanted),
         .where = alias.place_of(""),
         .remedy = fmt::format("ALTER ROLE {} IN DATABASE {} SET timezone = {};",
                               quote_identifier(server->user), quote_identifier(server->database),
                               quote_literal(wanted)),
         .mode = alias.pool_mode});
  }
  return remarks;
}

} // namespace

const Rule time_zone_round_trip{
    .slug = "time-zone-round-trip",
    .area = Area::both,
    .grades = {Severity::info, Severity::info, Severity::info, std::nullopt, Severity::info},
    .summary = "Each connection sets the time zone that the role could have",
    .why = "Django compares the server's TimeZone with its own, by name (Etc/UTC is not UTC), and "
           "sets it where they differ: with CONN_MAX_AGE = 0 once for each request.",
    .remedy = "ALTER ROLE … SET timezone = …",
    .link = "https://docs.djangoproject.com/en/stable/ref/databases/"
            "#optimizing-postgresql-s-configuration",
    .look = look,
};

} // namespace pgtool::rules
