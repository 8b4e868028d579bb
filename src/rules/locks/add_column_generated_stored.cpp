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
    if (step.is_old() && add.column.generated) {
      remarks.push_back(
          remark_on(reading, step,
                    fmt::format("{} is rewritten to compute {} for each row", written(add.table),
                                quote_identifier(add.column.name)),
                    safe_form(reading, step, add_column_generated_stored.slug)));
    }
  });
  return remarks;
}

} // namespace

const Rule add_column_generated_stored{
    .slug = "add-column-generated-stored",
    .area = Area::migrations,
    .grades = always(Severity::error),
    .summary = "a stored generated column rewrites the table",
    .why = "GENERATED ALWAYS AS (…) STORED has to be computed for each row that is there: the "
           "table is rewritten under ACCESS EXCLUSIVE.",
    .remedy = "a plain nullable column that a trigger fills, and batches for the rows that are "
              "there; from PostgreSQL 18 on a VIRTUAL column",
    .link = "https://www.postgresql.org/docs/current/ddl-generated-columns.html",
    .grows = true,
    .read = read,
};

} // namespace pgtool::rules
