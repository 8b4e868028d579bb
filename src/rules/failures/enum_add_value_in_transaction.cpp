#include "rules/failures/all.hpp"

#include "rules/reading/remarks.hpp"
#include "sql/quote.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

bool is_used_after(const Reading& reading, const ReadStep& added, const std::string& value) {
  const auto literal = quote_literal(value);
  for (auto at = added.statement + 1; at < reading.statements.size(); ++at) {
    const bool adds_another =
        !reading.statements[at].actions.empty() &&
        std::holds_alternative<action::AddEnumValue>(reading.statements[at].actions.front());
    if (reading.transactions[at] == added.transaction && !adds_another &&
        reading.statements[at].text.find(literal) != std::string::npos) {
      return true;
    }
  }
  return false;
}

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  constexpr int allowed_since = 12;
  constexpr int born_since = 17; // a value of a type of the same transaction may be used
  each<action::AddEnumValue>(reading, [&](const ReadStep& step, const action::AddEnumValue& add) {
    if (step.transaction == 0 || (step.born_type && reading.server_version >= born_since)) {
      return;
    }
    if (reading.is_before(allowed_since) || is_used_after(reading, step, add.value)) {
      remarks.push_back(remark_on(
          reading, step,
          fmt::format("a value that type {} gets here cannot be used in the same transaction",
                      written(add.type)),
          reading.sender == Sender::migration
              ? "ADD VALUE in a migration of its own, before this one"
              : "COMMIT right after ADD VALUE"));
    }
  });
  return remarks;
}

} // namespace

const Rule enum_add_value_in_transaction{
    .slug = "enum-add-value-in-transaction",
    .area = Area::migrations,
    .grades = always(Severity::error),
    .summary = "a new value of an enum is used in the transaction that adds it",
    .why = "ALTER TYPE … ADD VALUE may stand in a transaction from PostgreSQL 12 on, but the "
           "value cannot be used before COMMIT: \"unsafe use of new value\". Older servers refuse "
           "the ADD itself there.",
    .remedy = "a migration of its own for ADD VALUE",
    .link = "https://www.postgresql.org/docs/current/sql-altertype.html",
    .read = read,
};

} // namespace pgtool::rules
