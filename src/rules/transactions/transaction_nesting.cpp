#include "rules/transactions/all.hpp"

#include "rules/reading/remarks.hpp"

namespace pgtool::rules {
namespace {

using Step = action::TransactionStep;

bool is_end(Step step) {
  return step == Step::commit || step == Step::rollback || step == Step::prepare;
}

std::string remedy_for(const Reading& reading) {
  if (reading.sender == Sender::migration) {
    return "take it out: Django opens and ends the transaction; with atomic = False in the "
           "migration BEGIN and COMMIT may stand there";
  }
  return "take it out, or let the runner open no transaction; SAVEPOINT and ROLLBACK TO work "
         "inside "
         "of one";
}

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  each<action::ControlTransaction>(
      reading, [&](const ReadStep& step, const action::ControlTransaction& control) {
        // The runner's own one is the first of a reading.
        const bool ends_runners = reading.wrapped && step.transaction == 1 && is_end(control.step);
        if (control.step == Step::begin && step.transaction != 0) {
          remarks.push_back(
              remark_on(reading, step,
                        "BEGIN inside of a transaction opens none: the next COMMIT ends the outer "
                        "one",
                        remedy_for(reading)));
        } else if (ends_runners) {
          remarks.push_back(
              remark_on(reading, step,
                        "this ends the transaction that the runner has opened: what follows "
                        "commits statement by statement, and a failure leaves half of it behind",
                        remedy_for(reading)));
        }
      });
  return remarks;
}

} // namespace

const Rule transaction_nesting{
    .slug = "transaction-nesting",
    .area = Area::migrations,
    .grades = always(Severity::warning),
    .summary = "BEGIN or COMMIT inside of a transaction that is open already",
    .why = "PostgreSQL has no transactions inside of others: BEGIN only warns, and the first "
           "COMMIT ends the outer one. What comes after it is no longer undone when something "
           "fails, and through a pooler it may run in another session.",
    .remedy = "take BEGIN and COMMIT out, or run the migration with atomic = False",
    .link = "https://www.postgresql.org/docs/current/sql-begin.html",
    .read = read,
};

} // namespace pgtool::rules
