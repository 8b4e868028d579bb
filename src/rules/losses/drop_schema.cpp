#include "rules/losses/all.hpp"

#include "rules/reading/remarks.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  each<action::Drop>(reading, [&](const ReadStep& step, const action::Drop& drop) {
    for (std::size_t at = 0; drop.kind == "SCHEMA" && at < drop.objects.size(); ++at) {
      if (step.objects[at].born) {
        continue;
      }
      const auto name = written(drop.objects[at]);
      remarks.push_back(remark_on(
          reading, step, drop.objects[at],
          fmt::format("schema {} is dropped{}", name,
                      drop.cascade ? " with every table in it, and their rows" : ""),
          fmt::format("pg_dump -n '{0}' first; drop its tables by name, and then DROP SCHEMA {0} "
                      "without CASCADE, which fails while something is left in it",
                      name)));
    }
  });
  return remarks;
}

} // namespace

const Rule drop_schema{
    .slug = "drop-schema",
    .area = Area::migrations,
    .grades = always(Severity::error),
    .summary = "a schema is dropped, with CASCADE everything in it",
    .why = "DROP SCHEMA … CASCADE names no table, so nobody who reads it sees what is lost, and it "
           "takes what others have put there meanwhile, too. Roles that have the schema in their "
           "search_path find nothing there afterwards.",
    .remedy = "dump it, drop its tables by name, and the schema without CASCADE in a release of "
              "its own",
    .link = "https://www.postgresql.org/docs/current/sql-dropschema.html",
    .read = read,
};

} // namespace pgtool::rules
