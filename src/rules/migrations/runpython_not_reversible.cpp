#include "rules/migrations/all.hpp"

#include "rules/reading/remarks.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  for (const auto& operation : operations_of(reading)) {
    if (operation.runs_python && !operation.reversible) {
      remarks.push_back(
          remark_on(reading, operation, "it cannot be taken back: RunPython without reverse_code",
                    "reverse_code=migrations.RunPython.noop, where nothing has to be undone"));
    }
  }
  return remarks;
}

} // namespace

const Rule runpython_not_reversible{
    .slug = "runpython-not-reversible",
    .area = Area::migrations,
    .grades = always(Severity::info),
    .summary = "a RunPython that cannot be taken back",
    .why = "Without reverse_code a migrate backwards stops at this operation with "
           "IrreversibleError, when somebody needs it most.",
    .remedy = "RunPython(…, migrations.RunPython.noop) where nothing has to be undone",
    .link = "https://docs.djangoproject.com/en/stable/ref/migration-operations/#runpython",
    .read = read,
};

} // namespace pgtool::rules
