#include "rules/locks/all.hpp"

#include "rules/reading/remarks.hpp"
#include "sql/quote.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

/// ALTER TABLE ALL IN TABLESPACE names none.
std::string name_of(const Relation& table) {
  return table.name.empty() ? "each of the tables there" : written(table);
}

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  each<action::SetTablespace>(reading, [&](const ReadStep& step, const action::SetTablespace& set) {
    if (step.is_old()) {
      remarks.push_back(remark_on(
          reading, step,
          fmt::format("nobody can use {} while it is copied to {}", name_of(set.table),
                      quote_identifier(set.tablespace)),
          fmt::format("pg_repack --table={} --tablespace={}", set.table.name, set.tablespace)));
    }
  });
  return remarks;
}

} // namespace

const Rule set_tablespace{
    .slug = "set-tablespace",
    .area = Area::migrations,
    .grades = always(Severity::error),
    .summary = "a table is copied to another tablespace while nobody can use it",
    .why = "SET TABLESPACE copies the files of the table under ACCESS EXCLUSIVE.",
    .remedy = "pg_repack --tablespace, which copies without blocking",
    .link = "https://www.postgresql.org/docs/current/sql-altertable.html",
    .grows = true,
    .read = read,
};

} // namespace pgtool::rules
