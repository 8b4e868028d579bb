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
    const auto& value = add.column.value;
    if (!step.is_old() || !value || value->volatility == Volatility::steady) {
      return;
    }
    const auto table = written(add.table);
    const auto column = quote_identifier(add.column.name);
    const bool is_sure = value->volatility == Volatility::changing;
    auto remark = remark_on(
        reading, step,
        is_sure ? fmt::format("{} is rewritten: {}() gives each row another value for {}", table,
                              value->function, column)
                : fmt::format("{} is rewritten, unless {}() is declared STABLE or IMMUTABLE", table,
                              value->function),
        safe_form(reading, step, add_column_volatile_default.slug));
    remark.severity = is_sure ? Severity::error : Severity::warning;
    remarks.push_back(std::move(remark));
  });
  return remarks;
}

} // namespace

const Rule add_column_volatile_default{
    .slug = "add-column-volatile-default",
    .area = Area::migrations,
    .grades = always(Severity::error),
    .summary = "a column whose DEFAULT differs from row to row rewrites the table",
    .why = "A constant, now() and other stable functions are kept once for all rows that are "
           "there. A volatile one, such as random() or gen_random_uuid(), has to be computed for "
           "each: the table is rewritten with its indexes under ACCESS EXCLUSIVE.",
    .remedy = "add the column without a default, set the default, then fill the rows that are "
              "there in batches",
    .link = "https://www.postgresql.org/docs/current/sql-altertable.html",
    .grows = true,
    .read = read,
};

} // namespace pgtool::rules
