#include "rules/locks/all.hpp"

#include "rules/reading/constraints.hpp"
#include "rules/reading/remarks.hpp"
#include "rules/remedies/safe_form.hpp"
#include "sql/quote.hpp"

#include "base/text.hpp"
#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  each_constraint(reading, [&](const ReadStep& step, const Relation& relation,
                               const ConstraintDefinition& constraint) {
    const bool is_built = !constraint.using_index.empty() && !step.may_hold_null;
    if (constraint.kind != ConstraintKind::primary_key || is_built || !step.is_old()) {
      return;
    }
    const auto table = written(relation);
    remarks.push_back(remark_on(
        reading, step,
        step.may_hold_null
            ? fmt::format("nobody can use {} while its rows are looked at for NULL", table)
            : fmt::format("nobody can use {} while the index of its primary key is built", table),
        safe_form(reading, step, add_primary_key.slug)));
  });
  return remarks;
}

} // namespace

const Rule add_primary_key{
    .slug = "add-primary-key",
    .area = Area::migrations,
    .grades = always(Severity::error),
    .summary = "a primary key builds its index under a lock that blocks everything",
    .why = "ADD PRIMARY KEY takes ACCESS EXCLUSIVE and keeps it while every row is looked at for "
           "NULL and the index is built: nobody can read or write the table.",
    .remedy = "CREATE UNIQUE INDEX CONCURRENTLY, SET NOT NULL the safe way, then ADD CONSTRAINT … "
              "PRIMARY KEY USING INDEX",
    .link = "https://www.postgresql.org/docs/current/sql-altertable.html",
    .grows = true,
    .read = read,
};

} // namespace pgtool::rules
