#include "rules/migrations/all.hpp"

#include "rules/reading/remarks.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  for (const auto& operation : operations_of(reading)) {
    for (const auto& place : operation.imported_models) {
      auto remark = remark_on(
          reading, operation,
          place.name + " is imported as it is now, not as it was when this migration was written",
          "apps.get_model() inside the function, in place of the import");
      remark.where.line = place.line;
      remark.where.object = place.name;
      remarks.push_back(std::move(remark));
    }
  }
  return remarks;
}

} // namespace

const Rule runpython_model_import{
    .slug = "runpython-model-import",
    .area = Area::migrations,
    .grades = always(Severity::warning),
    .summary = "a RunPython that uses a model of today",
    .why = "The code imports the model as it is now, with columns that the database does not have "
           "yet when the migration runs on an older copy: it works today and fails next year.",
    .remedy = "apps.get_model(\"app\", \"Model\") inside the function",
    .link = "https://docs.djangoproject.com/en/stable/topics/migrations/#historical-models",
    .read = read,
};

} // namespace pgtool::rules
