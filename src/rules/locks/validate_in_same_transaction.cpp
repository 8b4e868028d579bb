#include "rules/locks/all.hpp"

#include "rules/reading/remarks.hpp"
#include "sql/quote.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

bool is_locked_before(const Reading& reading, const ReadStep& validated, const Relation& table) {
  for (std::size_t at = 0; at < validated.statement; ++at) {
    if (reading.transactions[at] != validated.transaction) {
      continue;
    }
    for (const auto& lock : reading.statements[at].locks.locks) {
      if (lock.relation == table && lock.mode >= LockMode::share) {
        return true;
      }
    }
  }
  return false;
}

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  each<action::ValidateConstraint>(reading, [&](const ReadStep& step,
                                                const action::ValidateConstraint& validate) {
    if (step.is_old() && step.transaction > 0 && is_locked_before(reading, step, validate.table)) {
      remarks.push_back(remark_on(
          reading, step,
          fmt::format("{} stays locked while {} is validated, by what this transaction did before",
                      written(validate.table), quote_identifier(validate.constraint)),
          reading.sender == Sender::migration
              ? std::string("the same ValidateConstraint in the next migration")
              : fmt::format("-- in a transaction of its own, after COMMIT\n"
                            "ALTER TABLE {} VALIDATE CONSTRAINT {};",
                            written(validate.table), quote_identifier(validate.constraint))));
    }
  });
  return remarks;
}

} // namespace

const Rule validate_in_same_transaction{
    .slug = "validate-in-same-transaction",
    .area = Area::migrations,
    .grades = always(Severity::error),
    .summary = "a constraint is validated in the transaction that has locked its table",
    .why = "VALIDATE CONSTRAINT by itself lets everybody read and write. In the transaction that "
           "has added the constraint the lock of ADD CONSTRAINT is still held: it blocks for as "
           "long as the rows are looked at, as if NOT VALID had not been said.",
    .remedy = "VALIDATE CONSTRAINT in a transaction of its own; in Django in a migration of its "
              "own",
    .link = "https://www.postgresql.org/docs/current/sql-altertable.html",
    .grows = true,
    .read = read,
};

} // namespace pgtool::rules
