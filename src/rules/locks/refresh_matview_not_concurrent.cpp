#include "rules/locks/all.hpp"

#include "rules/reading/remarks.hpp"
#include "sql/quote.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  each<action::RefreshView>(reading, [&](const ReadStep& step, const action::RefreshView& refresh) {
    if (!refresh.concurrently && !refresh.empties && step.is_old()) {
      remarks.push_back(
          remark_on(reading, step,
                    fmt::format("nobody can read {} while its query runs", written(refresh.view)),
                    fmt::format("-- it needs a unique index on plain columns of the view\n"
                                "REFRESH MATERIALIZED VIEW CONCURRENTLY {};",
                                written(refresh.view))));
    }
  });
  return remarks;
}

} // namespace

const Rule refresh_matview_not_concurrent{
    .slug = "refresh-matview-not-concurrent",
    .area = Area::migrations,
    .grades = always(Severity::error),
    .summary = "a materialized view cannot be read while its query runs",
    .why = "REFRESH MATERIALIZED VIEW takes ACCESS EXCLUSIVE for as long as the query of the view "
           "takes. CONCURRENTLY lets everybody read the old rows meanwhile; it needs a unique "
           "index on the view.",
    .remedy = "REFRESH MATERIALIZED VIEW CONCURRENTLY, with a unique index on plain columns of "
              "the view",
    .link = "https://www.postgresql.org/docs/current/sql-refreshmaterializedview.html",
    .read = read,
};

} // namespace pgtool::rules
