#include "rules/losses/all.hpp"

#include "rules/reading/remarks.hpp"
#include "rules/remedies/batches.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::string remedy_for(const Reading& reading, const Relation& table) {
  const auto name = written(table);
  return fmt::format("-- outside of a transaction{}; say which rows, if not all are meant\n{};",
                     reading.sender == Sender::migration ? ", in RunSQL with atomic = False" : "",
                     in_batches(table, "DELETE FROM " + name));
}

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  each<action::WriteRows>(reading, [&](const ReadStep& step, const action::WriteRows& write) {
    if (write.change == action::RowChange::remove && !write.bounded && step.is_old()) {
      remarks.push_back(remark_on(
          reading, step,
          fmt::format("DELETE without WHERE removes every row of {}", written(write.table)),
          remedy_for(reading, write.table)));
    }
  });
  return remarks;
}

} // namespace

const Rule delete_without_where{
    .slug = "delete-without-where",
    .area = Area::migrations,
    .grades = always(Severity::error),
    .summary = "every row of a table is deleted",
    .why = "A WHERE that was forgotten looks the same. Where it is meant, all of it is one "
           "transaction: each row stays locked until the last one is done, and a dead copy of "
           "each stays behind for vacuum.",
    .remedy = "say which rows, and delete them in batches by key, each in a transaction of its own",
    .link = "https://www.postgresql.org/docs/current/sql-delete.html",
    .read = read,
};

} // namespace pgtool::rules
