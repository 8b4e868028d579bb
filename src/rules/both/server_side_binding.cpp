#include "rules/both/all.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::vector<Remark> look(const Deployment& deployment) {
  std::vector<Remark> remarks;
  for (const auto& alias : deployment.aliases) {
    const auto* pooler = deployment.pooler_of(alias);
    const bool prepares = alias.alias.server_side_binding && alias.alias.prepare_threshold;
    if (!prepares || pooler == nullptr || pooler->kind != "pgbouncer") {
      continue;
    }
    const bool can_be_set = !pooler->is_before("1.21");
    if (can_be_set && pooler->number("max_prepared_statements") != 0) {
      continue;
    }
    remarks.push_back(
        {.message = fmt::format("alias '{}' prepares statements (server_side_binding, "
                                "prepare_threshold {}), and {} keeps none",
                                alias.alias.name, *alias.alias.prepare_threshold, pooler->name),
         .where = alias.place_of("OPTIONS.prepare_threshold"),
         .remedy = fmt::format("take prepare_threshold out of OPTIONS{}",
                               can_be_set ? ", or let the pooler keep them: " +
                                                pooler->line_for("max_prepared_statements", "200")
                                          : ", or use PgBouncer 1.21 or newer"),
         .mode = alias.pool_mode});
  }
  return remarks;
}

} // namespace

const Rule server_side_binding{
    .slug = "server-side-binding",
    .area = Area::both,
    .grades = when_shared(Severity::error),
    .summary = "psycopg prepares statements that the pooler does not keep",
    .why = "A statement that was prepared in one session is executed in another: `prepared "
           "statement \"_pg3_0\" does not exist`, or `already exists`. server_side_binding alone "
           "prepares nothing.",
    .remedy = "take prepare_threshold out of OPTIONS, or set max_prepared_statements",
    .since = "Django 4.2 with psycopg 3",
    .link = "https://www.pgbouncer.org/config.html#max_prepared_statements",
    .look = look,
};

} // namespace pgtool::rules
