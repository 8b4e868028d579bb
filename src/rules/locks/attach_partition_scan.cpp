#include "rules/locks/all.hpp"

#include "rules/reading/remarks.hpp"
#include "sql/quote.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  const auto tell_default = [&](const ReadStep& step, const Relation& table) {
    remarks.push_back(remark_on(
        reading, step,
        fmt::format("the default partition of {} is read whole while nobody can use it, to see "
                    "that none of its rows belongs into the new one",
                    written(table)),
        "first a CHECK NOT VALID on the default partition that no row is within the new bounds, "
        "and "
        "VALIDATE CONSTRAINT in a transaction of its own"));
  };
  each<action::CreateTable>(reading, [&](const ReadStep& step, const action::CreateTable& create) {
    if (create.parent && !create.as_default && step.partition.has_default_partition) {
      tell_default(step, *create.parent);
    }
  });
  each<action::AttachPartition>(reading, [&](const ReadStep& step,
                                             const action::AttachPartition& attach) {
    if (!step.is_old()) {
      return;
    }
    if (step.table.has_default_partition && !attach.as_default) {
      tell_default(step, attach.table);
    }
    if (step.partition.born || step.partition_is_checked) {
      return;
    }
    const auto partition = written(attach.partition);
    auto remark = remark_on(
        reading, step,
        fmt::format(
            "{} is read whole while nobody can use it, to see that its rows are within the bounds",
            partition),
        fmt::format("first a CHECK NOT VALID on {} that says what the bounds do, with IS NOT NULL "
                    "for each column of the key, and VALIDATE CONSTRAINT in a transaction of its "
                    "own",
                    partition));
    remark.size = step.partition.size;
    remarks.push_back(std::move(remark));
  });
  return remarks;
}

} // namespace

const Rule attach_partition_scan{
    .slug = "attach-partition-scan",
    .area = Area::migrations,
    .grades = always(Severity::error),
    .summary = "a partition is read whole while nobody can use it, to see that its rows belong "
               "there",
    .why = "ATTACH PARTITION takes ACCESS EXCLUSIVE on the table that is attached and looks at "
           "each of its rows, unless a valid CHECK proves that they are within the bounds.",
    .remedy = "ALTER TABLE … ADD CHECK (…) NOT VALID with the bounds, VALIDATE CONSTRAINT, then "
              "ATTACH PARTITION",
    .link = "https://www.postgresql.org/docs/current/sql-altertable.html",
    .grows = true,
    .read = read,
};

} // namespace pgtool::rules
