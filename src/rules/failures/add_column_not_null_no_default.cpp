#include "rules/failures/all.hpp"

#include "rules/reading/remarks.hpp"
#include "rules/remedies/safe_form.hpp"
#include "sql/quote.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace pgtool::rules {
namespace {

bool has_primary_key(const ColumnDefinition& column) {
  return std::any_of(
      column.constraints.begin(), column.constraints.end(),
      [](const ConstraintDefinition& one) { return one.kind == ConstraintKind::primary_key; });
}

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  each<action::AddColumn>(reading, [&](const ReadStep& step, const action::AddColumn& add) {
    const auto& column = add.column;
    const bool has_value = (column.value && !column.value->null) || column.serial ||
                           column.identity || column.generated;
    const bool is_needed = column.not_null || has_primary_key(column);
    if (!is_needed || has_value || !step.is_old()) {
      return;
    }
    remarks.push_back(
        remark_on(reading, step,
                  fmt::format("it fails where {} has rows: they would hold NULL in {}",
                              written(add.table), quote_identifier(column.name)),
                  safe_form(reading, step, add_column_not_null_no_default.slug)));
  });
  return remarks;
}

} // namespace

const Rule add_column_not_null_no_default{
    .slug = "add-column-not-null-no-default",
    .area = Area::migrations,
    .grades = always(Severity::error),
    .summary = "a column without a default cannot be NOT NULL where there are rows",
    .why = "The rows that are there would hold NULL: PostgreSQL refuses the column. On an empty "
           "copy of the database it passes, in production it fails.",
    .remedy = "add it with a default, or nullable, fill it, and set NOT NULL the safe way",
    .link = "https://www.postgresql.org/docs/current/sql-altertable.html",
    .read = read,
};

} // namespace pgtool::rules
