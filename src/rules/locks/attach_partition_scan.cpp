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
        "ALTER TABLE DEFAULT_PARTITION ADD CONSTRAINT … CHECK (NOT (…)) NOT VALID; ALTER TABLE "
        "DEFAULT_PARTITION VALIDATE CONSTRAINT …; with the new bounds as condition"));
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
    remarks.push_back(remark_on(
        reading, step,
        fmt::format(
            "{} is read whole while nobody can use it, to see that its rows are within the bounds",
            partition),
        fmt::format("ALTER TABLE {0} ADD CONSTRAINT {1} CHECK (…) NOT VALID; ALTER TABLE {0} "
                    "VALIDATE CONSTRAINT {1}; with the bounds as condition, before it is attached",
                    partition, quote_identifier(attach.partition.name + "_bounds"))));
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
    .read = read,
};

} // namespace pgtool::rules
