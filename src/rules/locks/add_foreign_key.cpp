#include "rules/locks/all.hpp"

#include "rules/reading/remarks.hpp"
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
    const auto name =
        quote_identifier(constraint.name.empty() ? add.table.name + "_fkey" : constraint.name);
    remarks.push_back(remark_on(
        reading, step,
        fmt::format("{} and {} are locked against writes while every row of {} is looked up", table,
                    target, table),
        fmt::format("ALTER TABLE {0} ADD CONSTRAINT {1} FOREIGN KEY (…) REFERENCES {2} NOT VALID; "
                    "ALTER TABLE {0} VALIDATE CONSTRAINT {1}; -- in a transaction of its own",
                    table, name, target)));
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
            fmt::format("ALTER TABLE {} ADD COLUMN {} {}; without REFERENCES, then the foreign key "
                        "NOT VALID, then VALIDATE CONSTRAINT",
                        written(add.table), quote_identifier(add.column.name),
                        type_text(add.column.type))));
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
    .read = read,
};

} // namespace pgtool::rules
