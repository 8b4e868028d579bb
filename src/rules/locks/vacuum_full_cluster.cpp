#include "rules/locks/all.hpp"

#include "rules/reading/remarks.hpp"
#include "sql/quote.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  each<action::Vacuum>(reading, [&](const ReadStep& step, const action::Vacuum& vacuum) {
    if (vacuum.full) {
      const auto what =
          vacuum.tables.empty() ? std::string("every table") : written(vacuum.tables.front());
      remarks.push_back(remark_on(
          reading, step, fmt::format("nobody can use {} while VACUUM FULL copies it", what),
          fmt::format("-- or pg_repack, which copies without blocking\nVACUUM (ANALYZE){};",
                      vacuum.tables.empty() ? "" : " " + what)));
    }
  });
  each<action::Cluster>(reading, [&](const ReadStep& step, const action::Cluster& cluster) {
    if (step.is_old()) {
      const auto what = cluster.table.name.empty() ? std::string("every clustered table")
                                                   : written(cluster.table);
      remarks.push_back(remark_on(reading, step,
                                  fmt::format("nobody can use {} while CLUSTER copies it", what),
                                  "pg_repack with --order-by, which copies without blocking"));
    }
  });
  return remarks;
}

} // namespace

const Rule vacuum_full_cluster{
    .slug = "vacuum-full-cluster",
    .area = Area::migrations,
    .grades = always(Severity::error),
    .summary = "a table is rewritten while nobody can use it",
    .why = "VACUUM FULL and CLUSTER copy the table and its indexes under ACCESS EXCLUSIVE.",
    .remedy = "plain VACUUM, or pg_repack, which copies without blocking",
    .link = "https://www.postgresql.org/docs/current/sql-vacuum.html",
    .grows = true,
    .read = read,
};

} // namespace pgtool::rules
