#include "rules/both/all.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

/// What keeps connections in Django's process, by the words that people use; "" for nothing.
std::string pool_of(const Alias& alias) {
  if (alias.driver_pool) {
    return "OPTIONS['pool']";
  }
  if (alias.engine.starts_with("dj_db_conn_pool.") ||
      alias.engine.starts_with("django_db_geventpool.")) {
    return "the engine " + alias.engine;
  }
  return "";
}

std::vector<Remark> look(const Deployment& deployment) {
  std::vector<Remark> remarks;
  for (const auto& alias : deployment.aliases) {
    const auto pool = pool_of(alias.alias);
    if (pool.empty() || !alias.is_pooled()) {
      continue;
    }
    remarks.push_back(
        {.message = fmt::format("alias '{}' has a pool of its own in each process ({}), whose "
                                "connections hold server sessions in session mode",
                                alias.alias.name, pool),
         .where = alias.place_of(alias.alias.driver_pool ? "OPTIONS.pool" : "ENGINE"),
         .mode = alias.pool_mode});
  }
  return remarks;
}

} // namespace

const Rule driver_pool{
    .slug = "driver-pool",
    .area = Area::both,
    .grades = {std::nullopt, std::nullopt, Severity::warning, std::nullopt, std::nullopt},
    .summary = "A pool in Django's process stands before a pooler in session mode",
    .why = "Each process keeps min_size connections open (4 with psycopg's), and in session mode "
           "each of them keeps a server session, used or not: the pooler pools nothing, and the "
           "processes together take all of its sessions.",
    .remedy = "take the pool out of the settings, or use pool_mode = transaction",
    .link = "https://docs.djangoproject.com/en/stable/ref/databases/#connection-pool",
    .look = look,
};

} // namespace pgtool::rules
