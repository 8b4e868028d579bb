#include "rules/locks/all.hpp"

#include "rules/reading/remarks.hpp"
#include "sql/quote.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  constexpr int since = 11;
  each<action::AddColumn>(reading, [&](const ReadStep& step, const action::AddColumn& add) {
    const auto& value = add.column.value;
    if (!reading.is_before(since) || !step.is_old() || !value || value->null) {
      return;
    }
    const auto table = written(add.table);
    const auto column = quote_identifier(add.column.name);
    remarks.push_back(remark_on(
        reading, step, fmt::format("{} is rewritten to hold the default of {}", table, column),
        fmt::format("add {1} to {0} without a default, set the default, and then fill it in "
                    "batches, each in a transaction of its own",
                    table, column)));
  });
  return remarks;
}

} // namespace

const Rule add_column_constant_default{
    .slug = "add-column-constant-default",
    .area = Area::migrations,
    .grades = always(Severity::error),
    .summary = "before PostgreSQL 11 a column with any DEFAULT rewrites the table",
    .why = "Since PostgreSQL 11 a constant default of a new column is kept once for all rows. "
           "Older servers write it into every row, under ACCESS EXCLUSIVE.",
    .remedy = "add the column without a default, set the default, then fill the rows that are "
              "there in batches",
    .since = "PostgreSQL up to 10",
    .link = "https://www.postgresql.org/docs/current/sql-altertable.html",
    .read = read,
};

} // namespace pgtool::rules
