#include "rules/locks/all.hpp"

#include "rules/reading/remarks.hpp"
#include "sql/quote.hpp"

#include <fmt/core.h>
#include <map>
#include <set>

namespace pgtool::rules {
namespace {

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  std::map<int, std::set<std::string>> locked;
  std::set<int> told;
  for (const auto& step : reading.steps) {
    const auto table = table_of(step.action);
    if (step.transaction == 0 || !step.is_old() || told.contains(step.transaction)) {
      continue;
    }
    for (const auto& lock : reading.statements[step.statement].locks.locks) {
      if (lock.mode == LockMode::access_exclusive && lock.relation == table && !lock.index) {
        locked[step.transaction].insert(written(table));
      }
    }
    const auto& tables = locked[step.transaction];
    if (tables.size() > 1) {
      told.insert(step.transaction);
      remarks.push_back(remark_on(
          reading, step,
          fmt::format("this transaction has locked {} when it asks for {}",
                      *tables.begin() == written(table) ? *tables.rbegin() : *tables.begin(),
                      written(table)),
          reading.sender == Sender::migration ? "one migration for each table, or atomic = False"
                                              : "COMMIT between the tables"));
    }
  }
  return remarks;
}

} // namespace

const Rule multiple_tables_locked{
    .slug = "multiple-tables-locked",
    .area = Area::migrations,
    .grades = always(Severity::warning),
    .summary = "one transaction locks several tables against everybody",
    .why = "Each lock lasts until the transaction ends: while it waits for the second table "
           "nobody can use the first, and two such transactions in another order deadlock.",
    .remedy = "one table in each migration, or transaction",
    .link = "https://www.postgresql.org/docs/current/explicit-locking.html",
    .read = read,
};

} // namespace pgtool::rules
