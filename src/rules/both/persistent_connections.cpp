#include "rules/both/all.hpp"

#include "rules/both/worker_room.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::vector<Remark> look(const Deployment& deployment) {
  std::vector<Remark> remarks;
  const auto workers = worker_room(deployment);
  for (const auto& alias : deployment.aliases) {
    const auto& age = alias.alias.conn_max_age;
    const auto room = pool_room(deployment, alias);
    const bool has_room = workers && room && workers->threads <= *room;
    if (!alias.is_pooled() || age == 0 || has_room) {
      continue;
    }
    const auto kept = age ? fmt::format("for {} s", *age) : std::string("for ever");
    remarks.push_back(
        {.message = fmt::format("alias '{}' keeps its connections {}, each with a server session "
                                "of its own in session mode{}",
                                alias.alias.name, kept,
                                workers && room ? fmt::format(": {} want {} of {}", workers->words,
                                                              workers->threads, *room)
                                                : ""),
         .where = alias.place_of("CONN_MAX_AGE"),
         .remedy = fmt::format("DATABASES['{}']['CONN_MAX_AGE'] = 0, or pool_mode = transaction",
                               alias.alias.name),
         .mode = alias.pool_mode,
         .edits = alias.edit_for("CONN_MAX_AGE", "0")});
  }
  return remarks;
}

} // namespace

const Rule persistent_connections{
    .slug = "persistent-connections",
    .area = Area::both,
    .grades = {std::nullopt, std::nullopt, Severity::warning, std::nullopt, std::nullopt},
    .summary = "CONN_MAX_AGE keeps server sessions behind a pooler in session mode",
    .why = "In session mode a server session belongs to its client until that closes. With "
           "CONN_MAX_AGE each worker thread keeps one while it is idle; when the pool is used up "
           "others wait, and end with query_wait_timeout. In transaction mode it costs nothing.",
    .remedy = "CONN_MAX_AGE = 0, or pool_mode = transaction",
    .link = "https://docs.djangoproject.com/en/stable/ref/databases/#persistent-connections",
    .look = look,
};

} // namespace pgtool::rules
