#include "rules/releases/all.hpp"

#include "rules/reading/remarks.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  each<action::Rename>(reading, [&](const ReadStep& step, const action::Rename& rename) {
    if (rename.kind != "ENUM VALUE" || !step.is_old()) {
      return;
    }
    const auto type = written(rename.table);
    remarks.push_back(remark_on(
        reading, step,
        fmt::format("a value of the enum {} is renamed, and the running release still writes it",
                    type),
        fmt::format("add the new value to {} beside the old one, let the release read both, and "
                    "rewrite the rows when no release writes the old one",
                    type)));
  });
  return remarks;
}

} // namespace

const Rule rename_enum_value{
    .slug = "rename-enum-value",
    .area = Area::migrations,
    .grades = always(Severity::error),
    .summary = "a value of an enum is renamed under the release that is still running",
    .why = "The rename shows at once in every row. The old release writes and compares the old "
           "word, which fails with \"invalid input value for enum\", and reads the new one, which "
           "it does not know.",
    .remedy = "add the new value beside the old one, let the release understand both, and rewrite "
              "the rows a release later",
    .link = "https://www.postgresql.org/docs/current/sql-altertype.html",
    .read = read,
};

} // namespace pgtool::rules
