#include "rules/pooler/all.hpp"

#include "base/text.hpp"
#include "rules/pooler/bouncers.hpp"
#include "rules/pooler/pool_sums.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <set>

namespace pgtool::rules {
namespace {

/// What one deploy wants for itself: its own session, Django's and the one that watches.
constexpr std::int64_t for_migrations = 3;
/// superuser_reserved_connections, where nobody tells it.
constexpr std::int64_t usually_reserved = 3;

struct Server {
  std::string place;
  std::int64_t max_connections = 0;
  std::int64_t reserved = 0;
};

Remark remark_on(const Server& server, const std::vector<PoolerSum>& sums, std::int64_t most) {
  std::vector<std::string> parts;
  for (const auto& sum : sums) {
    parts.push_back(sum_text(sum));
  }
  const auto& first = *sums.front().pooler;
  const auto room = server.max_connections - server.reserved - for_migrations;
  return {.message = fmt::format("pools may grow to {} sessions on {}, which has {}", most,
                                 server.place, room),
          .where = first.place_of("default_pool_size"),
          .detail = fmt::format("{} = {} > {} = {} max_connections − {} reserved − {} for a deploy",
                                join(parts, " + "), most, room, server.max_connections,
                                server.reserved, for_migrations),
          .remedy = first.line_for("max_db_connections",
                                   std::to_string(std::max<std::int64_t>(
                                       room / static_cast<std::int64_t>(
                                                  sums.size() * static_cast<std::size_t>(
                                                                    std::max(first.processes, 1))),
                                       1))) +
                    " for all users of a database together, or smaller pools, or a larger "
                    "max_connections"};
}

void judge_server(const Server& server, const std::vector<PoolerSum>& sums,
                  std::vector<Remark>& remarks) {
  std::int64_t most = 0;
  for (const auto& sum : sums) {
    most += sum.most;
  }
  if (!sums.empty() && most > server.max_connections - server.reserved - for_migrations) {
    remarks.push_back(remark_on(server, sums, most));
  }
}

/// By what the server itself said.
void look_live(const Deployment& deployment, std::set<const PoolerFacts*>& judged,
               std::vector<Remark>& remarks) {
  for (const auto& server : deployment.servers) {
    std::vector<PoolerSum> sums;
    for (const auto& alias : deployment.aliases) {
      const auto* pooler = deployment.pooler_of(alias);
      const bool is_here = deployment.server_of(alias) == &server;
      if (!is_here || pooler == nullptr || pooler->kind != "pgbouncer") {
        continue;
      }
      const bool is_new = std::none_of(sums.begin(), sums.end(),
                                       [&](const PoolerSum& sum) { return sum.pooler == pooler; });
      const auto* database = pooler->database_of(alias.alias.endpoint.database());
      if (is_new && database != nullptr) {
        judged.insert(pooler);
        sums.push_back(pools_of(deployment, *pooler, *database));
      }
    }
    if (server.max_connections > 0) {
      judge_server({server.place, server.max_connections, server.reserved}, sums, remarks);
    }
  }
}

/// By what the description of the server's container says.
void look_at_files(const Deployment& deployment, const std::set<const PoolerFacts*>& judged,
                   std::vector<Remark>& remarks) {
  for (const auto* pooler : bouncers(deployment)) {
    std::set<std::string> servers;
    for (const auto& database : pooler->databases) {
      const auto told =
          database.max_connections ? parse_integer(database.max_connections->value) : std::nullopt;
      const auto place = database.host + ":" + database.port;
      if (told && !judged.contains(pooler) && servers.insert(place).second) {
        judge_server({place, *told, usually_reserved}, {pools_of(deployment, *pooler, database)},
                     remarks);
      }
    }
  }
}

std::vector<Remark> look(const Deployment& deployment) {
  std::vector<Remark> remarks;
  std::set<const PoolerFacts*> judged;
  look_live(deployment, judged, remarks);
  look_at_files(deployment, judged, remarks);
  return remarks;
}

} // namespace

const Rule pool_exceeds_server{
    .slug = "pool-exceeds-server",
    .area = Area::pooler,
    .grades = always(Severity::warning),
    .summary = "The pools may grow beyond max_connections of the server",
    .why = "Each database and user has a pool of its own, in each process of the pooler. When they "
           "are full together the server refuses: FATAL: sorry, too many clients already, or "
           "remaining connection slots are reserved. The pooler then waits server_login_retry, and "
           "a deploy that goes straight to the server finds no session left.",
    .remedy =
        "cap them with max_db_connections or max_user_connections, make the pools smaller, or "
        "raise max_connections",
    .link = "https://www.pgbouncer.org/config.html#default_pool_size",
    .look = look,
};

} // namespace pgtool::rules
