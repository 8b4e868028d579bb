#include "rules/releases/all.hpp"

#include "base/text.hpp"
#include "rules/reading/remarks.hpp"
#include "rules/reading/together.hpp"
#include "rules/releases/left_behind.hpp"
#include "rules/remedies/safe_form.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

bool is_asked_for(const std::string& kind) {
  return kind == "TABLE" || kind == "VIEW" || kind == "MATVIEW" || kind == "FOREIGN TABLE";
}

std::string words_of(const std::string& kind) {
  return kind == "MATVIEW" ? "MATERIALIZED VIEW" : kind;
}

std::string remedy_for(const Reading& reading, const ReadStep& step, const action::Rename& rename) {
  if (const auto form = own_form(reading, step, rename_table.slug); !form.empty()) {
    return form;
  }
  const auto from = written(rename.table);
  const auto to = written({rename.table.schema, rename.to});
  const auto view =
      fmt::format("BEGIN;\nALTER {4} {0} RENAME TO {1};\nCREATE VIEW {2} AS SELECT * FROM {3};\n"
                  "COMMIT;\n-- in the next release:\n-- DROP VIEW {2};",
                  from, written({"", rename.to}), from, to, words_of(rename.kind));
  if (reading.sender == Sender::migration) {
    return fmt::format("keep the table: db_table = \"{}\" in the model's Meta, set by "
                       "AlterModelTable before RenameModel, so that neither sends a statement; or "
                       "leave a view behind that has the old name, for one release",
                       rename.table.name);
  }
  return view;
}

/// A table that comes to where another one just left.
bool fills_a_gap(const Reading& reading, const ReadStep& step, const action::Rename& mine) {
  bool found = false;
  each<action::Rename>(reading, [&](const ReadStep& at, const action::Rename& other) {
    found = found || (&at < &step && are_together(at, step) && is_asked_for(other.kind) &&
                      is_same(other.table, {mine.table.schema, mine.to}));
  });
  return found;
}

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  each<action::Rename>(reading, [&](const ReadStep& step, const action::Rename& rename) {
    if (!is_asked_for(rename.kind) || !step.is_old() ||
        is_left_behind(reading, step, rename.table) || fills_a_gap(reading, step, rename)) {
      return;
    }
    remarks.push_back(remark_on(
        reading, step,
        fmt::format("{} is renamed, and the running release still asks for it by that name",
                    written(rename.table)),
        remedy_for(reading, step, rename)));
  });
  return remarks;
}

} // namespace

const Rule rename_table{
    .slug = "rename-table",
    .area = Area::migrations,
    .grades = always(Severity::error),
    .summary = "a table is renamed under the release that is still running",
    .why = "Between the migration and the last restart both releases run, and each query of the "
           "old one on that table fails with \"relation does not exist\". A plain view under the "
           "old name can be read and written like the table, so it bridges that time.",
    .remedy = "keep the name with db_table, or rename the table and leave a view under the old "
              "name in the same transaction",
    .link = "https://www.postgresql.org/docs/current/sql-createview.html#SQL-CREATEVIEW-"
            "UPDATABLE-VIEWS",
    .read = read,
};

} // namespace pgtool::rules
