#include "rules/transactions/all.hpp"

#include "rules/reading/remarks.hpp"

namespace pgtool::rules {
namespace {

/// Where the transaction begins in which the reading ends.
const ReadStep* last_begin(const Reading& reading) {
  const ReadStep* begin = nullptr;
  each<action::ControlTransaction>(
      reading, [&](const ReadStep& step, const action::ControlTransaction& control) {
        const bool opens = control.step == action::TransactionStep::begin && step.transaction == 0;
        begin = opens || control.chain ? &step : begin;
      });
  return begin;
}

std::vector<Remark> read(const Reading& reading) {
  // A call of the application may leave the COMMIT to another one.
  if (!reading.ends_in_transaction || reading.sender == Sender::application) {
    return {};
  }
  const auto* begin = last_begin(reading);
  if (begin == nullptr) {
    return {};
  }
  return {remark_on(reading, *begin,
                    "no COMMIT follows: everything from here on is rolled back when the session "
                    "ends",
                    "COMMIT;")};
}

} // namespace

const Rule uncommitted_transaction{
    .slug = "uncommitted-transaction",
    .area = Area::migrations,
    .grades = always(Severity::error),
    .summary = "BEGIN without COMMIT",
    .why = "The statements seem to work, and all of it is gone when the connection closes. While "
           "it stays open its locks stay, too, and the pooler cannot give the server session to "
           "anybody else.",
    .remedy = "end the text with COMMIT",
    .link = "https://www.postgresql.org/docs/current/sql-commit.html",
    .read = read,
};

} // namespace pgtool::rules
