#include "rules/both/all.hpp"

#include "rules/both/worker_room.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::vector<Remark> look(const Deployment& deployment) {
  std::vector<Remark> remarks;
  const auto workers = worker_room(deployment);
  for (const auto& alias : deployment.aliases) {
    const auto room = pool_room(deployment, alias);
    if (!alias.alias.atomic_requests || !alias.is_pooled() || !workers || !room ||
        workers->threads <= *room) {
      continue;
    }
    remarks.push_back(
        {.message = fmt::format("alias '{}' holds a server session through each request "
                                "(ATOMIC_REQUESTS): {} want {}, the pool has {}",
                                alias.alias.name, workers->words, workers->threads, *room),
         .where = alias.place_of("ATOMIC_REQUESTS"),
         .mode = alias.pool_mode});
  }
  return remarks;
}

} // namespace

const Rule atomic_requests{
    .slug = "atomic-requests",
    .area = Area::both,
    .grades = {Severity::warning, std::nullopt, std::nullopt, std::nullopt, std::nullopt},
    .summary = "ATOMIC_REQUESTS with more worker threads than the pool has sessions",
    .why = "The transaction lasts as long as the request, template and calls to others included, "
           "and keeps its server session: with all sessions taken the next request waits up to "
           "query_wait_timeout and fails.",
    .remedy = "a larger pool_size, fewer threads, or atomic() around what needs it and "
              "ATOMIC_REQUESTS off",
    .link = "https://docs.djangoproject.com/en/stable/topics/db/transactions/"
            "#tying-transactions-to-http-requests",
    .look = look,
};

} // namespace pgtool::rules
