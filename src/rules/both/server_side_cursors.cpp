#include "rules/both/all.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::vector<Remark> look(const Deployment& deployment) {
  std::vector<Remark> remarks;
  for (const auto& alias : deployment.aliases) {
    if (alias.is_pooled() && alias.alias.server_side_cursors) {
      remarks.push_back(
          {.message = fmt::format("alias '{}' declares server-side cursors, which another "
                                  "transaction's session does not have",
                                  alias.alias.name),
           .where = alias.place_of("DISABLE_SERVER_SIDE_CURSORS"),
           .remedy = fmt::format("DATABASES['{}']['DISABLE_SERVER_SIDE_CURSORS'] = True",
                                 alias.alias.name),
           .mode = alias.pool_mode,
           .edits = {{FileForm::python, alias.where.file, alias.where.line, alias.alias.name,
                      "DISABLE_SERVER_SIDE_CURSORS", "True"}}});
    }
  }
  return remarks;
}

} // namespace

const Rule server_side_cursors{
    .slug = "server-side-cursors",
    .area = Area::both,
    .grades = when_shared(Severity::error, Severity::warning),
    .summary = "Server-side cursors are on behind a pooler that shares sessions",
    .why = "QuerySet.iterator() outside of a transaction declares a cursor WITH HOLD in one "
           "session and fetches from it in the next one that the pooler hands out: "
           "InvalidCursorName, cursor \"_django_curs_…\" does not exist. The admin, exports and "
           "migrations that use iterator() fail as soon as there is other traffic.",
    .remedy = "set DISABLE_SERVER_SIDE_CURSORS = True on the alias; where a result is too large "
              "for memory, give .iterator() an alias that goes straight to the server",
    .link = "https://docs.djangoproject.com/en/stable/ref/databases/"
            "#transaction-pooling-and-server-side-cursors",
    .look = look,
};

} // namespace pgtool::rules
