#include "rules/failures/all.hpp"

#include "rules/reading/remarks.hpp"
#include "rules/remedies/safe_form.hpp"
#include "sql/rewritten.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::string one_by_one(const Reading& reading, const ReadStep& step) {
  SafeSteps steps;
  for (const auto& text : concurrently(reading.statements[step.statement].text)) {
    steps.push_back({text, "", ""});
  }
  return safe_form(reading, step, concurrently_unsupported_form.slug, steps);
}

std::string with_timeout(const std::string& statement) {
  return fmt::format("BEGIN;\nSET LOCAL lock_timeout = '2s';\n{};\nCOMMIT;", statement);
}

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  each<action::Drop>(reading, [&](const ReadStep& step, const action::Drop& drop) {
    if (!drop.concurrently || drop.objects.empty()) {
      return;
    }
    const auto first = written(drop.objects.front());
    if (drop.objects.size() > 1 || drop.cascade) {
      remarks.push_back(remark_on(reading, step,
                                  drop.cascade ? "DROP INDEX CONCURRENTLY takes no CASCADE"
                                               : "DROP INDEX CONCURRENTLY takes one index",
                                  one_by_one(reading, step)));
    } else if (step.table.partitioned) {
      remarks.push_back(remark_on(
          reading, step,
          fmt::format("{} is an index of a partitioned table: it cannot be dropped CONCURRENTLY",
                      first),
          with_timeout("DROP INDEX " + first)));
    }
  });
  each<action::DetachPartition>(reading, [&](const ReadStep& step,
                                             const action::DetachPartition& detach) {
    if (detach.concurrently && step.table.has_default_partition) {
      remarks.push_back(
          remark_on(reading, step,
                    fmt::format("{} has a default partition: no other can be detached CONCURRENTLY",
                                written(detach.table)),
                    with_timeout(fmt::format("ALTER TABLE {} DETACH PARTITION {}",
                                             written(detach.table), written(detach.partition)))));
    }
  });
  each<action::CreateIndex>(reading, [&](const ReadStep& step, const action::CreateIndex& create) {
    if (create.concurrently && step.table.partitioned) {
      const auto table = written(create.table);
      remarks.push_back(remark_on(
          reading, step,
          fmt::format("{} is partitioned: no index can be built on it CONCURRENTLY", table),
          fmt::format("the same index with ON ONLY {} and without CONCURRENTLY, then one "
                      "CONCURRENTLY on each partition, and ALTER INDEX with ATTACH PARTITION for "
                      "each of these",
                      table)));
    }
  });
  each<action::Reindex>(reading, [&](const ReadStep& step, const action::Reindex& reindex) {
    if (reindex.concurrently && reindex.kind == "SYSTEM") {
      remarks.push_back(remark_on(reading, step, "system catalogs cannot be rebuilt CONCURRENTLY"));
    }
  });
  return remarks;
}

} // namespace

const Rule concurrently_unsupported_form{
    .slug = "concurrently-unsupported-form",
    .area = Area::migrations,
    .grades = always(Severity::error),
    .summary = "CONCURRENTLY in a form that PostgreSQL refuses",
    .why = "DROP INDEX CONCURRENTLY takes one index and no CASCADE; a partitioned table takes no "
           "index CONCURRENTLY; a system catalog is not rebuilt so.",
    .remedy = "one index in each statement; on a partitioned table CREATE INDEX … ON ONLY, "
              "CONCURRENTLY on each partition, then ALTER INDEX … ATTACH PARTITION",
    .link = "https://www.postgresql.org/docs/current/sql-dropindex.html",
    .read = read,
};

} // namespace pgtool::rules
