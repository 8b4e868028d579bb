#include "rules/locks/all.hpp"

#include "rules/reading/remarks.hpp"
#include "sql/quote.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  each<action::AddConstraint>(reading, [&](const ReadStep& step, const action::AddConstraint& add) {
    if (add.constraint.kind == ConstraintKind::exclusion && step.is_old()) {
      remarks.push_back(remark_on(
          reading, step,
          fmt::format("nobody can use {} while the index of its exclusion constraint is built",
                      written(add.table))));
    }
  });
  return remarks;
}

} // namespace

const Rule add_exclusion_constraint{
    .slug = "add-exclusion-constraint",
    .area = Area::migrations,
    .grades = always(Severity::error),
    .summary = "an exclusion constraint builds its index under a lock that blocks everything",
    .why = "ADD CONSTRAINT … EXCLUDE takes ACCESS EXCLUSIVE while its index is built, and there "
           "is no way to build it beforehand.",
    .remedy = "a new table with the constraint, filled in batches and swapped in; or a moment in "
              "which nobody needs the table",
    .link = "https://www.postgresql.org/docs/current/sql-altertable.html",
    .grows = true,
    .read = read,
};

} // namespace pgtool::rules
