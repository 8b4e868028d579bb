#include "rules/pooler/all.hpp"

#include "rules/pooler/bouncers.hpp"
#include "rules/pooler/pool_sums.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace pgtool::rules {
namespace {

/// Threads that may each hold a connection; files may describe the same server for several
/// surroundings, so the largest counts.
struct Demand {
  const WorkerFacts* worker = nullptr;
  std::int64_t threads = 0;
};

Demand largest_demand(const Deployment& deployment) {
  Demand largest;
  if (deployment.project) {
    for (const auto& worker : deployment.project->workers) {
      const auto threads = worker.processes.value_or(0) * worker.threads.value_or(1);
      if (threads > largest.threads) {
        largest = {&worker, threads};
      }
    }
  }
  return largest;
}

void judge_workers(const Deployment& deployment, const PoolerFacts& pooler,
                   std::vector<Remark>& remarks) {
  const auto demand = largest_demand(deployment);
  const auto aliases = static_cast<std::int64_t>(aliases_of(deployment, pooler).size());
  const auto most = pooler.number("max_client_conn").value_or(0) * std::max(pooler.processes, 1);
  if (most <= 0 || demand.threads * aliases <= most) {
    return;
  }
  const auto better = std::to_string(2 * demand.threads * aliases);
  remarks.push_back(
      {.message = fmt::format("{} lets in {} clients, {} alone may want {}", pooler.name, most,
                              demand.worker->server, demand.threads * aliases),
       .where = pooler.place_of("max_client_conn"),
       .detail =
           fmt::format("{} processes × {} threads × {} aliases ({}:{})",
                       demand.worker->processes.value_or(0), demand.worker->threads.value_or(1),
                       aliases, demand.worker->where.file, demand.worker->where.line),
       .remedy = pooler.line_for("max_client_conn", better),
       .edits = pooler.edit_for("max_client_conn", better)});
}

void judge_files(const Deployment& deployment, const PoolerFacts& pooler,
                 std::vector<Remark>& remarks) {
  const auto clients = pooler.number("max_client_conn").value_or(0);
  std::int64_t servers = 0;
  for (const auto& database : pooler.databases) {
    servers = std::max(servers, pools_of(deployment, pooler, database).most);
  }
  servers /= std::max(pooler.processes, 1);
  if (!pooler.file_limit || clients <= 0 || clients + servers <= *pooler.file_limit) {
    return;
  }
  remarks.push_back(
      {.message = fmt::format("{} may want {} open files and gets {}", pooler.name,
                              clients + servers, *pooler.file_limit),
       .where = pooler.place_of("max_client_conn"),
       .detail = fmt::format("{} clients + {} server sessions > {}", clients, servers,
                             *pooler.file_limit),
       .remedy = fmt::format(
           "LimitNOFILE={} in its systemd unit (ulimit -n), or {}", 2 * (clients + servers),
           pooler.line_for("max_client_conn", std::to_string(std::max<std::int64_t>(
                                                  *pooler.file_limit - servers - 10, 1))))});
}

std::vector<Remark> look(const Deployment& deployment) {
  std::vector<Remark> remarks;
  for (const auto* pooler : bouncers(deployment)) {
    judge_workers(deployment, *pooler, remarks);
    judge_files(deployment, *pooler, remarks);
  }
  return remarks;
}

} // namespace

const Rule max_client_conn{
    .slug = "max-client-conn",
    .area = Area::pooler,
    .grades = always(Severity::warning),
    .summary = "The pooler lets in fewer clients than there may be",
    .why = "Each thread of each worker holds a connection for each alias. The next one is refused: "
           "no more connections allowed (max_client_conn). And each client and each server session "
           "is an open file of the pooler: beyond the limit of its process it stops accepting, and "
           "the log says accept() failed: Too many open files.",
    .remedy = "raise max_client_conn above the sum of all workers' threads, and the limit of open "
              "files with it",
    .link = "https://www.pgbouncer.org/config.html#max_client_conn",
    .look = look,
};

} // namespace pgtool::rules
