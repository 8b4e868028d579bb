#include "rules/both/worker_room.hpp"

#include "base/text.hpp"

#include <fmt/core.h>

namespace pgtool {

std::optional<WorkerRoom> worker_room(const Deployment& deployment) {
  std::optional<WorkerRoom> most;
  if (!deployment.project) {
    return most;
  }
  for (const auto& workers : deployment.project->workers) {
    if (!workers.processes || !workers.threads) {
      continue;
    }
    const auto threads = *workers.processes * *workers.threads;
    if (!most || threads > most->threads) {
      most = WorkerRoom{threads, fmt::format("{} × {} threads of {} ({})", *workers.processes,
                                             *workers.threads, workers.server, workers.where.file)};
    }
  }
  return most;
}

std::optional<std::int64_t> pool_room(const Deployment& deployment, const AliasFacts& alias) {
  const auto* pooler = deployment.pooler_of(alias);
  if (pooler == nullptr || pooler->kind != "pgbouncer") {
    return std::nullopt;
  }
  auto room = pooler->number("default_pool_size");
  const auto* database = pooler->database_of(alias.alias.endpoint.database());
  if (database != nullptr) {
    const auto own = database->settings.find("pool_size");
    const auto size =
        own != database->settings.end() ? parse_integer(own->second.value) : std::nullopt;
    room = size && *size > 0 ? size : room;
  }
  return room ? std::optional(*room + pooler->number("reserve_pool_size").value_or(0)) : room;
}

} // namespace pgtool
