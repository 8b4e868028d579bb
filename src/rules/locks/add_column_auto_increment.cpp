#include "rules/locks/all.hpp"

#include "rules/reading/remarks.hpp"
#include "rules/remedies/safe_form.hpp"
#include "sql/quote.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  each<action::AddColumn>(reading, [&](const ReadStep& step, const action::AddColumn& add) {
    if (!step.is_old() || !(add.column.serial || add.column.identity)) {
      return;
    }
    const auto table = written(add.table);
    const auto column = quote_identifier(add.column.name);
    remarks.push_back(remark_on(
        reading, step, fmt::format("{} is rewritten: each row gets a number in {}", table, column),
        safe_form(reading, step, add_column_auto_increment.slug)));
  });
  return remarks;
}

} // namespace

const Rule add_column_auto_increment{
    .slug = "add-column-auto-increment",
    .area = Area::migrations,
    .grades = always(Severity::error),
    .summary = "a column that counts by itself rewrites the table",
    .why = "serial, bigserial and GENERATED … AS IDENTITY give each row that is there a number of "
           "its own: the table is rewritten under ACCESS EXCLUSIVE.",
    .remedy = "add a plain nullable column, fill it in batches from a sequence, then set the "
              "sequence as its default",
    .link = "https://www.postgresql.org/docs/current/sql-altertable.html",
    .grows = true,
    .read = read,
};

} // namespace pgtool::rules
