#include "rules/locks/all.hpp"

#include "rules/reading/remarks.hpp"
#include "sql/quote.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  each<action::SetLogged>(reading, [&](const ReadStep& step, const action::SetLogged& set) {
    if (step.is_old()) {
      remarks.push_back(
          remark_on(reading, step,
                    fmt::format("nobody can use {} while it is rewritten as {}", written(set.table),
                                set.logged ? "LOGGED" : "UNLOGGED")));
    }
  });
  return remarks;
}

} // namespace

const Rule set_logged_unlogged{
    .slug = "set-logged-unlogged",
    .area = Area::migrations,
    .grades = always(Severity::error),
    .summary = "a table is rewritten to be logged, or not to be",
    .why = "SET LOGGED and SET UNLOGGED copy the table and its indexes under ACCESS EXCLUSIVE; "
           "LOGGED also writes all of it to the WAL.",
    .remedy = "a new table that is filled in batches and swapped in; or a moment in which nobody "
              "needs it",
    .link = "https://www.postgresql.org/docs/current/sql-altertable.html",
    .grows = true,
    .read = read,
};

} // namespace pgtool::rules
