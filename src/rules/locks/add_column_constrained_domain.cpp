#include "rules/locks/all.hpp"

#include "rules/reading/remarks.hpp"
#include "sql/quote.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  each<action::AddColumn>(reading, [&](const ReadStep& step, const action::AddColumn& add) {
    if (step.is_old() && step.constrained_domain) {
      remarks.push_back(remark_on(
          reading, step,
          fmt::format("{} is rewritten: domain {} has a constraint", written(add.table),
                      type_text(add.column.type)),
          fmt::format("add {} with the type that domain {} is made of, and what the domain checks "
                      "as a CHECK NOT VALID that is validated in a transaction of its own",
                      quote_identifier(add.column.name), type_text(add.column.type))));
    }
  });
  return remarks;
}

} // namespace

const Rule add_column_constrained_domain{
    .slug = "add-column-constrained-domain",
    .area = Area::migrations,
    .grades = always(Severity::error),
    .summary = "a column of a domain with a constraint rewrites the table",
    .why = "The constraint of a domain has to be checked for each row, even where the column "
           "holds NULL only: PostgreSQL rewrites the table for that, under ACCESS EXCLUSIVE.",
    .remedy = "add the column with the domain's base type, and the condition as a CHECK NOT VALID "
              "that is validated afterwards",
    .link = "https://www.postgresql.org/docs/current/sql-createdomain.html",
    .grows = true,
    .read = read,
};

} // namespace pgtool::rules
