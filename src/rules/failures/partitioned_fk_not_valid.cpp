#include "rules/failures/all.hpp"

#include "rules/reading/remarks.hpp"
#include "sql/quote.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  constexpr int allowed_since = 18;
  each<action::AddConstraint>(reading, [&](const ReadStep& step, const action::AddConstraint& add) {
    const bool is_allowed = reading.server_version >= allowed_since;
    if (add.constraint.kind == ConstraintKind::foreign_key && add.constraint.not_valid &&
        step.table.partitioned && !is_allowed) {
      remarks.push_back(remark_on(
          reading, step,
          fmt::format("{} is partitioned: its foreign key cannot be NOT VALID", written(add.table)),
          "the same foreign key NOT VALID on each partition, VALIDATE CONSTRAINT on each, and then "
          "on the table without NOT VALID, which takes theirs over"));
    }
  });
  return remarks;
}

} // namespace

const Rule partitioned_fk_not_valid{
    .slug = "partitioned-fk-not-valid",
    .area = Area::migrations,
    .grades = always(Severity::error),
    .summary = "a foreign key of a partitioned table cannot be NOT VALID before PostgreSQL 18",
    .why = "PostgreSQL refuses NOT VALID where the table that refers is partitioned.",
    .remedy = "the foreign key on each partition NOT VALID, VALIDATE CONSTRAINT on each, then the "
              "one on the partitioned table",
    .since = "PostgreSQL up to 17",
    .link = "https://www.postgresql.org/docs/current/sql-altertable.html",
    .read = read,
};

} // namespace pgtool::rules
