#include "rules/migrations/all.hpp"

#include "rules/reading/remarks.hpp"

#include "base/text.hpp"
#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  if (reading.django && reading.django->conflicts.size() > 1) {
    const auto& conflicts = reading.django->conflicts;
    const auto name = reading.name.substr(reading.name.find('.') + 1);
    if (name == conflicts.back()) {
      DjangoOperation whole;
      whole.line = reading.django->line;
      remarks.push_back(remark_on(reading, whole,
                                  "its app has several last migrations: " + join(conflicts, ", "),
                                  "manage.py makemigrations --merge"));
    }
  }
  return remarks;
}

} // namespace

const Rule conflicting_leaf_nodes{
    .slug = "conflicting-leaf-nodes",
    .area = Area::migrations,
    .grades = always(Severity::error),
    .summary = "an app has several last migrations",
    .why = "Two branches have each added a migration after the same one: migrate refuses to run "
           "until they are merged.",
    .remedy = "manage.py makemigrations --merge",
    .link = "https://docs.djangoproject.com/en/stable/topics/migrations/#version-control",
    .read = read,
};

} // namespace pgtool::rules
