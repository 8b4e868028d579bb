#include "rules/locks/all.hpp"

#include "rules/reading/remarks.hpp"
#include "rules/remedies/safe_form.hpp"
#include "sql/quote.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  each<action::Drop>(reading, [&](const ReadStep& step, const action::Drop& drop) {
    if (drop.kind != "INDEX" || drop.concurrently || !step.is_old() || drop.objects.empty()) {
      return;
    }
    const auto index = written(drop.objects.front());
    remarks.push_back(remark_on(
        reading, step,
        fmt::format("the table of index {} is locked against reads and writes while it is dropped",
                    index),
        step.table.partitioned ? "" : safe_form(reading, step, drop_index_not_concurrent.slug)));
  });
  return remarks;
}

} // namespace

const Rule drop_index_not_concurrent{
    .slug = "drop-index-not-concurrent",
    .area = Area::migrations,
    .grades = always(Severity::warning),
    .summary = "an index is dropped under a lock that blocks reads and writes",
    .why = "DROP INDEX takes ACCESS EXCLUSIVE on the table. It is short, but it waits behind "
           "every transaction that uses the table, and all that come later wait behind it.",
    .remedy = "DROP INDEX CONCURRENTLY outside of a transaction; in Django "
              "RemoveIndexConcurrently with atomic = False",
    .link = "https://www.postgresql.org/docs/current/sql-dropindex.html",
    .read = read,
};

} // namespace pgtool::rules
