#include "rules/losses/all.hpp"

#include "rules/reading/remarks.hpp"
#include "rules/remedies/safe_form.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::string remedy_for(const Reading& reading, const ReadStep& step, const Relation& table) {
  if (const auto form = own_form(reading, step, drop_table.slug); !form.empty()) {
    return form;
  }
  const auto name = written(table);
  if (reading.sender == Sender::migration) {
    return fmt::format("first release: DeleteModel of {0} as a state operation of "
                       "SeparateDatabaseAndState; next release, after a dump: RunSQL(\"DROP TABLE "
                       "{0}\")",
                       name);
  }
  return fmt::format("pg_dump -t '{0}' first; DROP TABLE {0} when no release asks for it", name);
}

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  each<action::Drop>(reading, [&](const ReadStep& step, const action::Drop& drop) {
    for (std::size_t at = 0; drop.kind == "TABLE" && at < drop.objects.size(); ++at) {
      if (step.objects[at].born || step.objects[at].temporary) {
        continue;
      }
      const auto& table = drop.objects[at];
      remarks.push_back(
          remark_on(reading, step, table,
                    fmt::format("{} is dropped with its rows{}, and the running release may still "
                                "ask for it",
                                written(table), drop.cascade ? " and all that depends on it" : ""),
                    remedy_for(reading, step, table)));
    }
  });
  return remarks;
}

} // namespace

const Rule drop_table{
    .slug = "drop-table",
    .area = Area::migrations,
    .grades = always(Severity::error),
    .summary = "a table is dropped with its rows",
    .why = "The rows are gone when the transaction commits, and a rollback of the release does not "
           "bring them back. Until the last worker of the old release is gone, its queries on the "
           "table fail.",
    .remedy = "remove the model from the state first (SeparateDatabaseAndState), drop the table "
              "in a later release, after a dump",
    .link = "https://www.postgresql.org/docs/current/sql-droptable.html",
    .read = read,
};

} // namespace pgtool::rules
