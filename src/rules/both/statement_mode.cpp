#include "rules/both/all.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

/// Where the mode comes from, and the line that changes it there.
struct Source {
  Place where;
  std::string remedy;
  std::vector<Edit> edits;
};

Source source_of(const Deployment& deployment, const AliasFacts& alias) {
  const auto* pooler = deployment.pooler_of(alias);
  const auto& endpoint = alias.alias.endpoint;
  if (pooler == nullptr || pooler->kind != "pgbouncer") {
    return {alias.place_of(""), "", {}};
  }
  if (const auto user = pooler->users.find(endpoint.user());
      user != pooler->users.end() && user->second.contains("pool_mode")) {
    return {pooler->place_of("pool_mode"),
            fmt::format("pool_mode=transaction in the [users] entry of {}", endpoint.user()),
            {}};
  }
  const auto* database = pooler->database_of(endpoint.database());
  if (database != nullptr && !database->mode.empty()) {
    auto where = database->where;
    where.object = database->name;
    return {where,
            fmt::format("pool_mode=transaction in the [databases] entry of {}", database->name),
            {}};
  }
  return {pooler->place_of("pool_mode"), pooler->line_for("pool_mode", "transaction"),
          pooler->edit_for("pool_mode", "transaction")};
}

std::vector<Remark> look(const Deployment& deployment) {
  std::vector<Remark> remarks;
  for (const auto& alias : deployment.aliases) {
    if (alias.pool_mode != "statement") {
      continue;
    }
    auto [where, remedy, edits] = source_of(deployment, alias);
    remarks.push_back(
        {.message = fmt::format("alias '{}' goes through a pool in statement mode, which knows no "
                                "transactions",
                                alias.alias.name),
         .where = std::move(where),
         .remedy = std::move(remedy),
         .mode = alias.pool_mode,
         .edits = std::move(edits)});
  }
  return remarks;
}

} // namespace

const Rule statement_mode{
    .slug = "statement-mode",
    .area = Area::both,
    .grades = {std::nullopt, Severity::error, std::nullopt, std::nullopt, std::nullopt},
    .summary = "Django goes through a pool in statement mode",
    .why = "The pooler refuses BEGIN: `transaction blocks not allowed in statement pooling mode`. "
           "atomic(), the admin, save() with parents and migrate fail.",
    .remedy = "pool_mode = transaction",
    .link = "https://www.pgbouncer.org/features.html",
    .look = look,
};

} // namespace pgtool::rules
