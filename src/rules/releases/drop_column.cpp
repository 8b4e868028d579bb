#include "rules/releases/all.hpp"

#include "rules/reading/remarks.hpp"
#include "rules/reading/together.hpp"
#include "rules/remedies/safe_form.hpp"
#include "sql/quote.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::string remedy_for(const Reading& reading, const ReadStep& step,
                       const action::DropColumn& drop) {
  const auto table = written(drop.table);
  const auto column = quote_identifier(drop.column);
  if (const auto form = own_form(reading, step, drop_column.slug); !form.empty()) {
    return form;
  }
  if (reading.sender == Sender::migration) {
    return fmt::format("first release: RemoveField of column {1} of {0} as a state operation of "
                       "SeparateDatabaseAndState, with null=True or db_default= before it where it "
                       "is required; next release: RunSQL(\"ALTER TABLE {0} DROP COLUMN {1}\")",
                       table, column);
  }
  return fmt::format("-- with the release whose code no longer names it:\n"
                     "ALTER TABLE {0} ALTER COLUMN {1} DROP NOT NULL;\n"
                     "-- in the next release:\n-- ALTER TABLE {0} DROP COLUMN {1}{2};",
                     table, column, drop.cascade ? " CASCADE" : "");
}

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  each<action::DropColumn>(reading, [&](const ReadStep& step, const action::DropColumn& drop) {
    const bool is_new =
        comes_before<action::AddColumn>(reading, step, [&](const action::AddColumn& add) {
          return is_same(add.table, drop.table) && add.column.name == drop.column;
        });
    if (is_new || !step.is_old()) {
      return;
    }
    remarks.push_back(
        remark_on(reading, step,
                  fmt::format("column {} of {} is dropped with its data, and the running release "
                              "still selects it",
                              quote_identifier(drop.column), written(drop.table)),
                  remedy_for(reading, step, drop)));
  });
  return remarks;
}

} // namespace

const Rule drop_column{
    .slug = "drop-column",
    .area = Area::migrations,
    .grades = always(Severity::error),
    .summary = "a column is dropped under the release that is still running",
    .why = "Django names every column of a model in each SELECT and INSERT. Until the last worker "
           "of the old release is gone its queries on that table fail, a rollback to it is no way "
           "back, and the data is lost.",
    .remedy = "remove the field from the state first (SeparateDatabaseAndState), drop the column "
              "in the next release",
    .link = "https://docs.djangoproject.com/en/stable/ref/migration-operations/"
            "#separatedatabaseandstate",
    .read = read,
};

} // namespace pgtool::rules
