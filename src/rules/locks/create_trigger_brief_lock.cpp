#include "rules/locks/all.hpp"

#include "rules/reading/remarks.hpp"
#include "sql/quote.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  each<action::CreateTrigger>(
      reading, [&](const ReadStep& step, const action::CreateTrigger& create) {
        if (step.is_old()) {
          remarks.push_back(
              remark_on(reading, step,
                        fmt::format("writes to {} wait while trigger {} is made",
                                    written(create.table), quote_identifier(create.trigger))));
        }
      });
  return remarks;
}

} // namespace

const Rule create_trigger_brief_lock{
    .slug = "create-trigger-brief-lock",
    .area = Area::migrations,
    .grades = always(Severity::info),
    .summary = "a trigger is made under a lock that blocks writes for a moment",
    .why = "CREATE TRIGGER takes SHARE ROW EXCLUSIVE: short by itself, but it waits behind every "
           "write that is not committed, and later writes wait behind it.",
    .remedy = "SET LOCAL lock_timeout before, and try again; pgtool migrate does that",
    .link = "https://www.postgresql.org/docs/current/sql-createtrigger.html",
    .read = read,
};

} // namespace pgtool::rules
