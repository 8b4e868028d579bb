#include "rules/locks/all.hpp"

#include "rules/reading/remarks.hpp"
#include "sql/quote.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  each<action::SetAccessMethod>(reading, [&](const ReadStep& step,
                                             const action::SetAccessMethod& set) {
    if (step.is_old()) {
      remarks.push_back(remark_on(reading, step,
                                  fmt::format("nobody can use {} while it is rewritten for {}",
                                              written(set.table), quote_identifier(set.method))));
    }
  });
  return remarks;
}

} // namespace

const Rule set_access_method{
    .slug = "set-access-method",
    .area = Area::migrations,
    .grades = always(Severity::error),
    .summary = "a table is rewritten for another access method while nobody can use it",
    .why = "SET ACCESS METHOD copies the table and its indexes under ACCESS EXCLUSIVE.",
    .remedy = "a new table with that method that is filled in batches and swapped in",
    .since = "PostgreSQL 15",
    .link = "https://www.postgresql.org/docs/current/sql-altertable.html",
    .grows = true,
    .read = read,
};

} // namespace pgtool::rules
