#include "rules/releases/all.hpp"

#include "rules/reading/remarks.hpp"
#include "rules/reading/together.hpp"
#include "sql/quote.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  each<action::DropNotNull>(reading, [&](const ReadStep& step, const action::DropNotNull& drop) {
    const bool goes_on =
        follows_together<action::DropColumn>(reading, step, [&](const action::DropColumn& next) {
          return is_same(next.table, drop.table) && next.column == drop.column;
        });
    const bool comes_back =
        follows_together<action::SetNotNull>(reading, step, [&](const action::SetNotNull& next) {
          return is_same(next.table, drop.table) && next.column == drop.column;
        });
    const bool is_new =
        comes_before<action::AddColumn>(reading, step, [&](const action::AddColumn& add) {
          return is_same(add.table, drop.table) && add.column.name == drop.column;
        });
    if (!step.is_old() || is_new || goes_on || comes_back) {
      return;
    }
    remarks.push_back(remark_on(
        reading, step,
        fmt::format("{}.{} may hold NULL from now on, which the running release does not expect",
                    written(drop.table), quote_identifier(drop.column)),
        "write no NULL before the release that can read it is everywhere"));
  });
  return remarks;
}

} // namespace

const Rule drop_not_null{
    .slug = "drop-not-null",
    .area = Area::migrations,
    .grades = always(Severity::info),
    .summary = "a column may hold NULL from now on",
    .why = "The new release writes NULL at once, and the one that still runs reads these rows "
           "without expecting it. The way back is long, too: SET NOT NULL reads the whole table.",
    .remedy = "let the code that can read NULL be everywhere before any code writes it",
    .link = "https://www.postgresql.org/docs/current/sql-altertable.html",
    .read = read,
};

} // namespace pgtool::rules
