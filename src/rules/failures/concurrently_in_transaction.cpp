#include "rules/failures/all.hpp"

#include "rules/reading/remarks.hpp"
#include "sql/quote.hpp"

#include "sql/shown_statement.hpp"
#include <fmt/core.h>

namespace pgtool::rules {
namespace {

/// DO runs in a transaction, whatever is around it.
bool is_in_block(const Statement& statement) {
  return !statement.actions.empty() &&
         std::holds_alternative<action::RunCode>(statement.actions.front());
}

std::string first_words(const std::string& text) {
  constexpr std::size_t most = 60;
  return shown_statement(text, most);
}

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  for (std::size_t at = 0; at < reading.statements.size(); ++at) {
    const auto& statement = reading.statements[at];
    if (statement.locks.outside_transactions &&
        (reading.transactions[at] > 0 || is_in_block(statement))) {
      remarks.push_back(
          remark_on(reading, at,
                    "it cannot run inside a transaction, and fails: " + first_words(statement.text),
                    reading.sender == Sender::migration ? "atomic = False in class Migration"
                                                        : "take it out of the transaction"));
    }
  }
  return remarks;
}

} // namespace

const Rule concurrently_in_transaction{
    .slug = "concurrently-in-transaction",
    .area = Area::migrations,
    .grades = always(Severity::error),
    .summary = "a statement that cannot run in a transaction stands in one",
    .why = "CREATE, DROP and REINDEX INDEX CONCURRENTLY, DETACH PARTITION CONCURRENTLY, VACUUM, "
           "ALTER SYSTEM and the like need transactions of their own: PostgreSQL refuses them in "
           "another one, and the migration fails.",
    .remedy = "outside of BEGIN and COMMIT; in Django atomic = False in the migration",
    .link =
        "https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY",
    .read = read,
};

} // namespace pgtool::rules
