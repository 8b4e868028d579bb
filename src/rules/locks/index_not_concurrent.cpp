#include "rules/locks/all.hpp"

#include "rules/reading/remarks.hpp"
#include "rules/remedies/safe_form.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  each<action::CreateIndex>(reading, [&](const ReadStep& step, const action::CreateIndex& create) {
    if (!create.concurrently && !create.only && step.is_old()) {
      remarks.push_back(
          remark_on(reading, step,
                    fmt::format("{} is locked against writes while the index is built",
                                written(create.table)),
                    safe_form(reading, step, index_not_concurrent.slug)));
    }
  });
  return remarks;
}

} // namespace

const Rule index_not_concurrent{
    .slug = "index-not-concurrent",
    .area = Area::migrations,
    .grades = always(Severity::error),
    .summary = "an index is built under a lock that blocks every write",
    .why = "CREATE INDEX takes SHARE on the table and keeps it until its transaction ends: INSERT, "
           "UPDATE and DELETE wait as long as the build takes, and whatever queues behind them.",
    .remedy = "CREATE INDEX CONCURRENTLY outside of a transaction; in Django AddIndexConcurrently "
              "with atomic = False",
    .link = "https://www.postgresql.org/docs/current/sql-createindex.html",
    .grows = true,
    .read = read,
};

} // namespace pgtool::rules
