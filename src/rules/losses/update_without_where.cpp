#include "rules/losses/all.hpp"

#include "rules/reading/remarks.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

constexpr double few_rows = 10000; // one batch
constexpr double few_bytes = 8.0 * 1024 * 1024;

bool is_small(const TableFacts& table) {
  return table.size && table.size->rows.value_or(few_rows) < few_rows &&
         table.size->bytes < few_bytes;
}

std::string remedy_for(const Reading& reading, const Relation& table) {
  const auto words = fmt::format("the same UPDATE of {} with a range of its key as WHERE, some "
                                 "thousand rows at once, each in a transaction of its own",
                                 written(table));
  return reading.sender == Sender::migration
             ? "RunPython in a migration with atomic = False: " + words
             : words;
}

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  each<action::WriteRows>(reading, [&](const ReadStep& step, const action::WriteRows& write) {
    if (write.change == action::RowChange::update && !write.bounded && step.is_old() &&
        !is_small(step.table)) {
      remarks.push_back(remark_on(
          reading, step,
          fmt::format("UPDATE without WHERE locks and rewrites every row of {} in one transaction",
                      written(write.table)),
          remedy_for(reading, write.table)));
    }
  });
  return remarks;
}

} // namespace

const Rule update_without_where{
    .slug = "update-without-where",
    .area = Area::migrations,
    .grades = always(Severity::warning),
    .summary = "every row of a table is rewritten in one transaction",
    .why = "Each row stays locked until the last one is written, so requests that change any of "
           "them wait. The table needs room for a second copy of each row, and replicas fall "
           "behind.",
    .remedy = "batches by key, each in a transaction of its own; in Django RunPython in a "
              "migration with atomic = False",
    .link = "https://www.postgresql.org/docs/current/sql-update.html",
    .read = read,
};

} // namespace pgtool::rules
