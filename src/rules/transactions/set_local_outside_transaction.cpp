#include "rules/transactions/all.hpp"

#include "rules/reading/remarks.hpp"
#include "rules/reading/together.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::string remedy_for(const Reading& reading, const std::string& statement) {
  if (reading.sender == Sender::migration) {
    return fmt::format("with atomic = True {} works as it stands; in a migration with atomic = "
                       "False: plain SET, run by pgtool migrate --direct",
                       statement);
  }
  return fmt::format("{} between BEGIN and COMMIT, with the statements that it is for", statement);
}

std::string words_for(const action::SetParameter& set) {
  if (set.by_function) {
    return fmt::format("set_config() of {}", set.name);
  }
  return set.name.starts_with("transaction") ? "SET TRANSACTION"
                                             : fmt::format("SET LOCAL {}", set.name);
}

/// A call does not show whether its caller has opened a transaction.
bool is_known_outside(const Reading& reading, const ReadStep& step) {
  return step.transaction == 0 && reading.sender != Sender::application &&
         !is_in_block(reading, step);
}

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  each<action::SetParameter>(reading, [&](const ReadStep& step, const action::SetParameter& set) {
    if (set.local && is_known_outside(reading, step)) {
      const auto words = words_for(set);
      remarks.push_back(remark_on(
          reading, step,
          fmt::format("{} does nothing here: no transaction is open, so it ends with its own "
                      "statement",
                      words),
          remedy_for(reading, words)));
    }
  });
  return remarks;
}

} // namespace

const Rule set_local_outside_transaction{
    .slug = "set-local-outside-transaction",
    .area = Area::migrations,
    .grades = always(Severity::warning),
    .summary = "SET LOCAL outside of a transaction does nothing",
    .why = "SET LOCAL holds until the transaction ends, and outside of one that is at once. "
           "PostgreSQL only warns, so the lock_timeout or search_path that was meant to protect "
           "the next statement is not there.",
    .remedy = "put BEGIN before it and COMMIT after the statements that it is for",
    .link = "https://www.postgresql.org/docs/current/sql-set.html",
    .read = read,
};

} // namespace pgtool::rules
