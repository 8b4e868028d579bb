#include "rules/locks/all.hpp"

#include "rules/reading/remarks.hpp"
#include "sql/quote.hpp"

#include <fmt/core.h>
#include <set>

namespace pgtool::rules {
namespace {

/// A table that was there before and that this transaction has locked against everybody; "" for
/// none.
std::string locked_before(const Reading& reading, const ReadStep& changed) {
  for (const auto& step : reading.steps) {
    if (step.statement >= changed.statement || step.transaction != changed.transaction ||
        !step.is_old()) {
      continue;
    }
    const auto table = table_of(step.action);
    for (const auto& lock : reading.statements[step.statement].locks.locks) {
      if (lock.mode == LockMode::access_exclusive && lock.relation == table) {
        return written(table);
      }
    }
  }
  return "";
}

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  std::set<int> told;
  each<action::WriteRows>(reading, [&](const ReadStep& step, const action::WriteRows& rows) {
    if (step.transaction == 0 || rows.few || rows.change == action::RowChange::copy ||
        told.contains(step.transaction)) {
      return;
    }
    const auto locked = locked_before(reading, step);
    if (!locked.empty()) {
      told.insert(step.transaction);
      remarks.push_back(remark_on(
          reading, step,
          fmt::format(
              "nobody can use {} while rows of {} are changed: this transaction has locked it",
              locked, written(rows.table)),
          reading.sender == Sender::migration
              ? "a migration of its own for the rows, with atomic = False and in batches"
              : "COMMIT; before the rows are changed, and batches with a COMMIT after each"));
    }
  });
  return remarks;
}

} // namespace

const Rule statement_after_access_exclusive{
    .slug = "statement-after-access-exclusive",
    .area = Area::migrations,
    .grades = always(Severity::warning),
    .summary = "rows are changed while a lock of the same transaction blocks everybody",
    .why = "A lock lasts until the transaction ends. What ALTER TABLE has locked stays locked "
           "while the rows are changed, however short the ALTER was.",
    .remedy = "two migrations, or transactions: the change of the table in one, the rows in the "
              "other, in batches",
    .link = "https://www.postgresql.org/docs/current/explicit-locking.html",
    .read = read,
};

} // namespace pgtool::rules
