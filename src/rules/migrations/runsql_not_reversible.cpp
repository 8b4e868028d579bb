#include "rules/migrations/all.hpp"

#include "rules/reading/remarks.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  for (const auto& operation : operations_of(reading)) {
    if (operation.runs_sql && !operation.reversible) {
      remarks.push_back(
          remark_on(reading, operation, "it cannot be taken back: RunSQL without reverse_sql",
                    "reverse_sql=migrations.RunSQL.noop, where nothing has to be undone"));
    }
  }
  return remarks;
}

} // namespace

const Rule runsql_not_reversible{
    .slug = "runsql-not-reversible",
    .area = Area::migrations,
    .grades = always(Severity::info),
    .summary = "a RunSQL that cannot be taken back",
    .why = "Without reverse_sql a migrate backwards stops at this operation with "
           "IrreversibleError, when somebody needs it most.",
    .remedy = "RunSQL(…, reverse_sql=…), or migrations.RunSQL.noop where nothing has to be undone",
    .link = "https://docs.djangoproject.com/en/stable/ref/migration-operations/#runsql",
    .read = read,
};

} // namespace pgtool::rules
