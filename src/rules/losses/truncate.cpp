#include "rules/losses/all.hpp"

#include "rules/reading/remarks.hpp"
#include "rules/remedies/batches.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::string batches_for(const Relation& table) {
  return fmt::format("-- outside of a transaction; say which rows, if not all are meant\n{};",
                     in_batches(table, "DELETE FROM " + written(table)));
}

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  each<action::Truncate>(reading, [&](const ReadStep& step, const action::Truncate& truncation) {
    for (std::size_t at = 0; !truncation.cascade && at < truncation.tables.size(); ++at) {
      if (step.objects[at].born || step.objects[at].temporary) {
        continue;
      }
      const auto& table = truncation.tables[at];
      remarks.push_back(remark_on(
          reading, step, table,
          fmt::format("TRUNCATE removes every row of {}, and nobody can read it meanwhile",
                      written(table)),
          batches_for(table)));
    }
  });
  return remarks;
}

} // namespace

const Rule truncate{
    .slug = "truncate",
    .area = Area::migrations,
    .grades = always(Severity::error),
    .summary = "every row of a table is removed",
    .why = "TRUNCATE removes all rows whatever they are, fires no DELETE trigger, and takes ACCESS "
           "EXCLUSIVE: readers wait until the transaction ends. Transactions with an older "
           "snapshot see an empty table, too.",
    .remedy = "DELETE in batches, with a WHERE that says which rows, after a dump",
    .link = "https://www.postgresql.org/docs/current/sql-truncate.html",
    .read = read,
};

} // namespace pgtool::rules
