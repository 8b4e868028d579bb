#include "rules/releases/all.hpp"

#include "rules/reading/remarks.hpp"
#include "rules/reading/together.hpp"
#include "rules/releases/left_behind.hpp"
#include "rules/remedies/safe_form.hpp"
#include "sql/quote.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::string remedy_for(const Reading& reading, const ReadStep& step, const action::Rename& rename) {
  if (const auto form = own_form(reading, step, rename_column.slug); !form.empty()) {
    return form;
  }
  if (reading.sender == Sender::migration) {
    return fmt::format(
        "keep the column: give the renamed field db_column=\"{}\", and put its "
        "RenameField and AlterField into SeparateDatabaseAndState, among its "
        "state_operations; or AddField \"{}\", write both, drop \"{}\" one release later",
        rename.from, rename.to, rename.from);
  }
  const auto table = written(rename.table);
  return fmt::format("add {2} to {0} as a second column, let a trigger keep both alike, copy the "
                     "old rows in batches, and drop {1} when no release uses it",
                     table, quote_identifier(rename.from), quote_identifier(rename.to));
}

/// The table has another name now, and a view stands for it.
bool is_behind_a_view(const Reading& reading, const ReadStep& step, const Relation& table) {
  bool found = false;
  each<action::Rename>(reading, [&](const ReadStep& other, const action::Rename& rename) {
    const bool is_of_table =
        is_same(rename.table, table) || is_same({rename.table.schema, rename.to}, table);
    found = found || (rename.kind == "TABLE" && is_of_table && are_together(step, other) &&
                      is_left_behind(reading, other, rename.table));
  });
  return found;
}

/// RENAME of a column that comes to where another one just left: the old name is there again.
bool is_swapped(const Reading& reading, const ReadStep& step, const action::Rename& mine) {
  const bool is_back =
      follows_together<action::Rename>(reading, step, [&](const action::Rename& other) {
        return other.kind == "COLUMN" && is_same(other.table, mine.table) && other.to == mine.from;
      });
  bool fills_a_gap = false;
  each<action::Rename>(reading, [&](const ReadStep& at, const action::Rename& other) {
    fills_a_gap = fills_a_gap || (&at < &step && are_together(at, step) && other.kind == "COLUMN" &&
                                  is_same(other.table, mine.table) && other.from == mine.to);
  });
  return is_back || fills_a_gap;
}

/// The name that it loses was given to it here: the running release has never heard of it.
bool is_second(const Reading& reading, const ReadStep& step, const action::Rename& rename) {
  return comes_before<action::Rename>(reading, step, [&](const action::Rename& first) {
    return first.kind == "COLUMN" && is_same(first.table, rename.table) && first.to == rename.from;
  });
}

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  each<action::Rename>(reading, [&](const ReadStep& step, const action::Rename& rename) {
    if (rename.kind != "COLUMN" || !step.is_old() || is_second(reading, step, rename) ||
        is_behind_a_view(reading, step, rename.table) || is_swapped(reading, step, rename)) {
      return;
    }
    remarks.push_back(remark_on(
        reading, step,
        fmt::format("column {} of {} gets another name, and the running release still asks for it",
                    quote_identifier(rename.from), written(rename.table)),
        remedy_for(reading, step, rename)));
  });
  return remarks;
}

} // namespace

const Rule rename_column{
    .slug = "rename-column",
    .area = Area::migrations,
    .grades = always(Severity::error),
    .summary = "a column is renamed under the release that is still running",
    .why = "Between the migration and the last restart both releases run. Django names every "
           "column in every query, so each query of the old release on that table fails with "
           "\"column does not exist\" until it is gone; so does a rollback to it.",
    .remedy = "keep the column and rename the field alone (db_column=), or add the new column, "
              "write both, and drop the old one a release later",
    .link = "https://docs.djangoproject.com/en/stable/ref/models/fields/#db-column",
    .read = read,
};

} // namespace pgtool::rules
