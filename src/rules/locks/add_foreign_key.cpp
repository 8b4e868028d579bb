#include "rules/locks/all.hpp"

#include "rules/reading/remarks.hpp"
#include "rules/remedies/safe_form.hpp"
#include "sql/quote.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  each<action::AddConstraint>(reading, [&](const ReadStep& step, const action::AddConstraint& add) {
    const auto& constraint = add.constraint;
    if (constraint.kind != ConstraintKind::foreign_key || constraint.not_valid || !step.is_old()) {
      return;
    }
    const auto table = written(add.table);
    const auto target = constraint.target ? written(*constraint.target) : std::string("its target");
    remarks.push_back(remark_on(
        reading, step,
        fmt::format("{} and {} are locked against writes while every row of {} is looked up", table,
                    target, table),
        safe_form(reading, step, add_foreign_key.slug)));
  });
  each<action::AddColumn>(reading, [&](const ReadStep& step, const action::AddColumn& add) {
    for (const auto& constraint : add.column.constraints) {
      if (constraint.kind == ConstraintKind::foreign_key && step.is_old() && add.column.value &&
          !add.column.value->null) {
        remarks.push_back(remark_on(
            reading, step,
            fmt::format("{} and {} are locked against writes while the default of {} is looked up "
                        "for each row",
                        written(add.table),
                        constraint.target ? written(*constraint.target) : std::string("its target"),
                        quote_identifier(add.column.name)),
            safe_form(reading, step, add_foreign_key.slug)));
      }
    }
  });
  return remarks;
}

} // namespace

const Rule add_foreign_key{
    .slug = "add-foreign-key",
    .area = Area::migrations,
    .grades = always(Severity::error),
    .summary = "a foreign key reads the whole table under locks that block writes on both tables",
    .why = "ADD FOREIGN KEY takes SHARE ROW EXCLUSIVE on both tables and keeps it while every row "
           "is looked up. With NOT VALID nothing is looked up, and VALIDATE CONSTRAINT does it "
           "under a lock that lets everybody write. A new column without a default holds NULL "
           "only: its reference needs no look.",
    .remedy = "ADD CONSTRAINT … FOREIGN KEY … NOT VALID, then VALIDATE CONSTRAINT in a "
              "transaction of its own",
    .link = "https://www.postgresql.org/docs/current/sql-altertable.html",
    .grows = true,
    .read = read,
};

} // namespace pgtool::rules
