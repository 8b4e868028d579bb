#include "rules/locks/all.hpp"

#include "rules/reading/constraints.hpp"
#include "rules/reading/remarks.hpp"
#include "rules/remedies/safe_form.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  each_constraint(reading, [&](const ReadStep& step, const Relation& relation,
                               const ConstraintDefinition& constraint) {
    if (constraint.kind != ConstraintKind::unique || !constraint.using_index.empty() ||
        !step.is_old()) {
      return;
    }
    const auto columns = written_columns(constraint);
    const auto table = written(relation);
    remarks.push_back(remark_on(
        reading, step,
        fmt::format("nobody can use {} while the unique index of {} is built", table, columns),
        safe_form(reading, step, add_unique_constraint.slug)));
  });
  return remarks;
}

} // namespace

const Rule add_unique_constraint{
    .slug = "add-unique-constraint",
    .area = Area::migrations,
    .grades = always(Severity::error),
    .summary = "a unique constraint builds its index under a lock that blocks everything",
    .why = "ADD CONSTRAINT … UNIQUE and a new column with UNIQUE take ACCESS EXCLUSIVE and keep "
           "it while the index is built: nobody can read or write the table.",
    .remedy = "CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT … UNIQUE USING INDEX",
    .link = "https://www.postgresql.org/docs/current/sql-altertable.html",
    .grows = true,
    .read = read,
};

} // namespace pgtool::rules
