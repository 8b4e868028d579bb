#include "rules/locks/all.hpp"

#include "rules/reading/remarks.hpp"
#include "sql/quote.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  constexpr int concurrently_since = 14;
  each<action::DetachPartition>(
      reading, [&](const ReadStep& step, const action::DetachPartition& detach) {
        if (!detach.concurrently && step.is_old() && !reading.is_before(concurrently_since)) {
          remarks.push_back(remark_on(
              reading, step,
              fmt::format("nobody can use {} while {} is detached", written(detach.table),
                          written(detach.partition)),
              step.table.has_default_partition
                  ? "CONCURRENTLY needs a table without a default partition: SET lock_timeout "
                    "before, and try again"
                  : fmt::format("-- outside of a transaction\n"
                                "ALTER TABLE {} DETACH PARTITION {} CONCURRENTLY;",
                                written(detach.table), written(detach.partition))));
        }
      });
  return remarks;
}

} // namespace

const Rule detach_partition_not_concurrent{
    .slug = "detach-partition-not-concurrent",
    .area = Area::migrations,
    .grades = always(Severity::error),
    .summary = "a partition is detached under a lock that blocks the whole table",
    .why = "DETACH PARTITION takes ACCESS EXCLUSIVE on the partitioned table: it waits behind "
           "every transaction that uses it, and everything else waits behind it.",
    .remedy = "ALTER TABLE … DETACH PARTITION … CONCURRENTLY outside of a transaction (PostgreSQL "
              "14)",
    .since = "PostgreSQL 14",
    .link = "https://www.postgresql.org/docs/current/sql-altertable.html",
    .read = read,
};

} // namespace pgtool::rules
