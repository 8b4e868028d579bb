#include "rules/pooler/all.hpp"

#include "rules/pooler/bouncers.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

/// The web server that gives up first.
const WorkerFacts* most_impatient(const Deployment& deployment) {
  const WorkerFacts* found = nullptr;
  if (deployment.project) {
    for (const auto& worker : deployment.project->workers) {
      const bool has_limit = worker.timeout && *worker.timeout > 0;
      if (has_limit && (found == nullptr || *worker.timeout < *found->timeout)) {
        found = &worker;
      }
    }
  }
  return found;
}

std::vector<Remark> look(const Deployment& deployment) {
  std::vector<Remark> remarks;
  const auto* worker = most_impatient(deployment);
  for (const auto* pooler : bouncers(deployment)) {
    const auto wait = pooler->seconds("query_wait_timeout");
    if (worker == nullptr || !wait || aliases_of(deployment, *pooler).empty() ||
        (*wait > 0 && *wait <= *worker->timeout)) {
      continue;
    }
    const auto better = fmt::format("{:.0f}", *worker->timeout / 2 < 1 ? 1 : *worker->timeout / 2);
    remarks.push_back(
        {.message = fmt::format(
             "{} lets a query wait {} until a server session is free, {} gives a request "
             "{} ({}:{})",
             pooler->name, *wait == 0 ? "for ever" : "for " + seconds_text(*wait), worker->server,
             seconds_text(*worker->timeout), worker->where.file, worker->where.line),
         .where = pooler->place_of("query_wait_timeout"),
         .remedy = pooler->line_for("query_wait_timeout", better),
         .edits = pooler->edit_for("query_wait_timeout", better)});
  }
  return remarks;
}

} // namespace

const Rule query_wait_timeout{
    .slug = "query-wait-timeout",
    .area = Area::pooler,
    .grades = always(Severity::info),
    .summary = "A full pool outlasts the web server's patience",
    .why = "When all server sessions are taken, requests wait in the pooler. The web server kills "
           "its worker before the pooler answers query_wait_timeout: the log says WORKER TIMEOUT "
           "and not why, and no view can answer 503.",
    .remedy = "set query_wait_timeout below the web server's own timeout",
    .link = "https://www.pgbouncer.org/config.html#query_wait_timeout",
    .look = look,
};

} // namespace pgtool::rules
