#include "rules/releases/all.hpp"

#include "rules/reading/remarks.hpp"
#include "sql/quote.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  each<action::Rename>(reading, [&](const ReadStep& step, const action::Rename& rename) {
    if (rename.kind != "SCHEMA" || !step.is_old()) {
      return;
    }
    const auto to = quote_identifier(rename.to);
    remarks.push_back(remark_on(
        reading, step,
        fmt::format("schema {} is renamed, and the running release and the search_path of its "
                    "roles still name it",
                    quote_identifier(rename.from)),
        fmt::format("pgtool schema-move --to {}: it moves the tables and the roles' search_path "
                    "together",
                    to)));
  });
  return remarks;
}

} // namespace

const Rule rename_schema{
    .slug = "rename-schema",
    .area = Area::migrations,
    .grades = always(Severity::error),
    .summary = "a schema is renamed under the release that is still running",
    .why = "A search_path is a list of names: roles, databases and pooler settings go on naming a "
           "schema that is not there, which PostgreSQL passes over in silence. Every table in it "
           "is then \"relation does not exist\" for whoever connects.",
    .remedy = "create the new schema, put it into the search_path of every role first, and move "
              "the tables with pgtool schema-move",
    .link = "https://www.postgresql.org/docs/current/ddl-schemas.html",
    .read = read,
};

} // namespace pgtool::rules
