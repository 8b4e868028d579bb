#include "rules/losses/all.hpp"

#include "rules/reading/remarks.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  each<action::Drop>(reading, [&](const ReadStep& step, const action::Drop& drop) {
    if (drop.kind != "DATABASE") {
      return;
    }
    for (const auto& database : drop.objects) {
      const auto name = written(database);
      remarks.push_back(
          remark_on(reading, step, database,
                    fmt::format("database {} is dropped with all that is in it", name),
                    fmt::format("leave it out; by hand, after a dump: ALTER DATABASE {0} "
                                "ALLOW_CONNECTIONS false; and DROP DATABASE {0} days later",
                                name)));
    }
  });
  return remarks;
}

} // namespace

const Rule drop_database{
    .slug = "drop-database",
    .area = Area::migrations,
    .grades = always(Severity::error),
    .summary = "a whole database is dropped",
    .why = "Nothing brings it back but a backup, and nothing asks first. It fails while a pooler "
           "keeps a session to it open, unless FORCE ends the sessions of everybody.",
    .remedy = "not in a migration: by hand, after a dump, when nobody has been connected for days",
    .link = "https://www.postgresql.org/docs/current/sql-dropdatabase.html",
    .read = read,
};

} // namespace pgtool::rules
