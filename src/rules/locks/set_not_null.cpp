#include "rules/locks/all.hpp"

#include "rules/reading/remarks.hpp"
#include "rules/remedies/safe_form.hpp"
#include "sql/quote.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

/// A check of which nothing else is known, and which is dropped once it has done its work.
bool drops_a_helper(const Reading& reading, const Relation& table, std::size_t after) {
  bool drops = false;
  each<action::DropConstraint>(
      reading, [&](const ReadStep& step, const action::DropConstraint& drop) {
        drops = drops || (step.statement > after && drop.table == table && !step.constraint);
      });
  return drops;
}

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  constexpr int proves_since = 12;
  each<action::SetNotNull>(reading, [&](const ReadStep& step, const action::SetNotNull& set) {
    if (!step.is_old() || (step.proved_not_null && !reading.is_before(proves_since))) {
      return;
    }
    const auto table = written(set.table);
    const auto column = quote_identifier(set.column);
    auto remark = remark_on(
        reading, step,
        fmt::format("{} is read whole while nobody can use it, to see that {} holds no NULL", table,
                    column),
        safe_form(reading, step, set_not_null.slug));
    if (drops_a_helper(reading, set.table, step.statement)) {
      remark.message = fmt::format("{} is read whole, unless the constraint that is dropped "
                                   "afterwards proves that {} holds no NULL",
                                   table, column);
      remark.severity = Severity::info;
    }
    remarks.push_back(std::move(remark));
  });
  return remarks;
}

} // namespace

const Rule set_not_null{
    .slug = "set-not-null",
    .area = Area::migrations,
    .grades = always(Severity::error),
    .summary = "SET NOT NULL reads the whole table under a lock that blocks everything",
    .why = "ALTER COLUMN … SET NOT NULL takes ACCESS EXCLUSIVE and looks at every row. From "
           "PostgreSQL 12 on it looks at none where a valid CHECK proves that there is no NULL.",
    .remedy = "ADD CONSTRAINT … CHECK (c IS NOT NULL) NOT VALID, VALIDATE CONSTRAINT in a "
              "transaction of its own, SET NOT NULL, DROP CONSTRAINT",
    .link = "https://www.postgresql.org/docs/current/sql-altertable.html",
    .grows = true,
    .read = read,
};

} // namespace pgtool::rules
