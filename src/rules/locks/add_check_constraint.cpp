#include "rules/locks/all.hpp"

#include "rules/reading/constraints.hpp"
#include "rules/reading/remarks.hpp"
#include "rules/remedies/safe_form.hpp"
#include "sql/constraint_name.hpp"
#include "sql/quote.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  each_constraint(reading, [&](const ReadStep& step, const Relation& relation,
                               const ConstraintDefinition& constraint) {
    if (constraint.kind != ConstraintKind::check || constraint.not_valid || !step.is_old()) {
      return;
    }
    const auto table = written(relation);
    const auto name = quote_identifier(constraint_name(relation, constraint));
    remarks.push_back(
        remark_on(reading, step,
                  fmt::format("{} is read whole while nobody can use it, to check {}", table, name),
                  safe_form(reading, step, add_check_constraint.slug)));
  });
  return remarks;
}

} // namespace

const Rule add_check_constraint{
    .slug = "add-check-constraint",
    .area = Area::migrations,
    .grades = always(Severity::error),
    .summary = "a CHECK reads the whole table under a lock that blocks everything",
    .why = "ADD CONSTRAINT … CHECK takes ACCESS EXCLUSIVE and keeps it while every row is looked "
           "at. With NOT VALID only new rows are checked, and VALIDATE CONSTRAINT looks at the "
           "others under a lock that lets everybody read and write.",
    .remedy = "ADD CONSTRAINT … NOT VALID, then VALIDATE CONSTRAINT in a transaction of its own; "
              "in Django AddConstraintNotValid and ValidateConstraint in two migrations",
    .link = "https://www.postgresql.org/docs/current/sql-altertable.html",
    .grows = true,
    .read = read,
};

} // namespace pgtool::rules
