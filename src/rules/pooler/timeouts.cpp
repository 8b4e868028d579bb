#include "rules/pooler/all.hpp"

#include "rules/pooler/bouncers.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

/// That timeout of the pooler where migrations of an alias go through it.
std::vector<Remark> on_migrations(const Deployment& deployment, std::string_view key,
                                  std::string_view what) {
  std::vector<Remark> remarks;
  for (const auto* pooler : bouncers(deployment)) {
    for (const auto* alias : aliases_of(deployment, *pooler)) {
      const auto limit = seconds_for(*pooler, *alias, key);
      if (!limit || *limit <= 0 || !migrates_through_pool(*alias)) {
        continue;
      }
      remarks.push_back(
          {.message = fmt::format("{} ends {} after {} ({}), and migrations of alias '{}' have no "
                                  "other way",
                                  pooler->name, what, seconds_text(*limit), key, alias->alias.name),
           .where = pooler->place_of(key),
           .remedy = fmt::format("name the server itself: databases: {{{}: {{direct: …}}}} in "
                                 "pgtool.yaml, or give migrations a user of their own",
                                 alias->alias.name),
           .mode = alias->pool_mode});
    }
  }
  return remarks;
}

std::vector<Remark> look_at_queries(const Deployment& deployment) {
  return on_migrations(deployment, "query_timeout", "every statement");
}

std::vector<Remark> look_at_transactions(const Deployment& deployment) {
  return on_migrations(deployment, "transaction_timeout", "every transaction");
}

/// With ATOMIC_REQUESTS whatever a view does between two queries is idle time in a transaction.
constexpr double shortest = 10;

std::vector<Remark> look_at_idle(const Deployment& deployment) {
  auto remarks = on_migrations(deployment, "idle_transaction_timeout",
                               "transactions in which nothing is sent");
  for (const auto* pooler : bouncers(deployment)) {
    for (const auto* alias : aliases_of(deployment, *pooler)) {
      const auto limit = seconds_for(*pooler, *alias, "idle_transaction_timeout");
      if (!limit || *limit <= 0 || *limit > shortest || !alias->alias.atomic_requests) {
        continue;
      }
      remarks.push_back(
          {.message = fmt::format("with ATOMIC_REQUESTS of alias '{}' a view that is away from the "
                                  "database for {} loses its transaction "
                                  "(idle_transaction_timeout of {})",
                                  alias->alias.name, seconds_text(*limit), pooler->name),
           .where = pooler->place_of("idle_transaction_timeout"),
           .remedy = pooler->line_for("idle_transaction_timeout", "60") +
                     ", or ATOMIC_REQUESTS = False and transaction.atomic where it is meant",
           .mode = alias->pool_mode});
    }
  }
  return remarks;
}

} // namespace

const Rule query_timeout{
    .slug = "query-timeout",
    .area = Area::pooler,
    .grades = always(Severity::warning),
    .summary = "query_timeout of the pooler ends migrations",
    .why = "An index or a rewrite that takes longer is cut off: the pooler closes the connection "
           "(query_timeout), and the migration stands half done. A statement_timeout of the role "
           "would be cancelled in order, and a migration may lift it.",
    .remedy = "let migrations go straight to the server; keep the limit for the application",
    .link = "https://www.pgbouncer.org/config.html#query_timeout",
    .look = look_at_queries,
};

const Rule transaction_timeout{
    .slug = "transaction-timeout",
    .area = Area::pooler,
    .grades = always(Severity::warning),
    .summary = "transaction_timeout of the pooler ends migrations",
    .why = "An atomic migration is one transaction. When it takes longer the pooler closes the "
           "connection (transaction_timeout), and everything is rolled back.",
    .remedy = "let migrations go straight to the server; keep the limit for the application",
    .since = "1.25",
    .link = "https://www.pgbouncer.org/config.html#transaction_timeout",
    .look = look_at_transactions,
};

const Rule idle_transaction_timeout{
    .slug = "idle-transaction-timeout",
    .area = Area::pooler,
    .grades = always(Severity::warning),
    .summary = "idle_transaction_timeout ends transactions that the project is still in",
    .why = "A RunPython between two queries of a migration, or with ATOMIC_REQUESTS a view that "
           "waits for another service, is idle in a transaction. The pooler closes the connection: "
           "server closed the connection unexpectedly, and the transaction is lost.",
    .remedy = "let migrations go straight to the server, and set the limit above what a view waits",
    .link = "https://www.pgbouncer.org/config.html#idle_transaction_timeout",
    .look = look_at_idle,
};

} // namespace pgtool::rules
