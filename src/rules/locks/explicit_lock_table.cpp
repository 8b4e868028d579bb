#include "rules/locks/all.hpp"

#include "rules/reading/remarks.hpp"
#include "sql/quote.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  each<action::LockTable>(reading, [&](const ReadStep& step, const action::LockTable& lock) {
    for (std::size_t at = 0; at < lock.tables.size() && lock.mode >= LockMode::share; ++at) {
      const auto& facts = step.objects[at];
      if (!facts.born && !facts.temporary) {
        remarks.push_back(
            remark_on(reading, step, lock.tables[at],
                      fmt::format("{} is locked with {} until the transaction ends",
                                  written(lock.tables[at]), lock_mode_name(lock.mode))));
      }
    }
  });
  return remarks;
}

} // namespace

const Rule explicit_lock_table{
    .slug = "explicit-lock-table",
    .area = Area::migrations,
    .grades = always(Severity::warning),
    .summary = "a table is locked until the transaction ends",
    .why = "LOCK TABLE keeps the lock until COMMIT, and before it has it, everything that comes "
           "later waits behind it.",
    .remedy = "a weaker mode, or rows that are locked by SELECT … FOR UPDATE; and SET LOCAL "
              "lock_timeout before",
    .link = "https://www.postgresql.org/docs/current/explicit-locking.html",
    .read = read,
};

} // namespace pgtool::rules
