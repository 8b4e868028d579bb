#include "rules/losses/all.hpp"

#include "rules/reading/remarks.hpp"
#include "rules/reading/together.hpp"
#include "sql/quote.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace pgtool::rules {
namespace {

/// The check that let SET NOT NULL pass without a scan has done its work.
bool is_helper(const Reading& reading, const ReadStep& step, const action::DropConstraint& drop) {
  const bool may_be = !step.constraint || !step.constraint->not_null.empty();
  return step.proved_not_null || (may_be && comes_before<action::SetNotNull>(
                                                reading, step, [&](const action::SetNotNull& set) {
                                                  return is_same(set.table, drop.table);
                                                }));
}

/// The name that a column has when `until` comes.
std::string name_until(const Reading& reading, const ReadStep& from, const ReadStep& until,
                       const Relation& table, std::string column) {
  each<action::Rename>(reading, [&](const ReadStep& at, const action::Rename& rename) {
    const bool is_between = &at > &from && &at < &until;
    if (is_between && rename.kind == "COLUMN" && rename.from == column &&
        is_same(rename.table, table)) {
      column = rename.to;
    }
  });
  return column;
}

/// Whether Django has written the column into the name, as it is or as it was before a rename.
bool is_named_after(const Reading& reading, const std::string& constraint,
                    const std::string& column) {
  bool found = constraint.find("_" + column + "_") != std::string::npos;
  each<action::Rename>(reading, [&](const ReadStep& /*at*/, const action::Rename& rename) {
    found = found || (rename.kind == "COLUMN" && rename.to == column &&
                      constraint.find("_" + rename.from + "_") != std::string::npos);
  });
  return found;
}

/// Guards the same columns in the same way, whatever its name is.
bool guards_alike(const Reading& reading, const ReadStep& step, const action::DropConstraint& drop,
                  const ReadStep& at, const ConstraintDefinition& added) {
  if (!step.constraint) {
    return added.kind == ConstraintKind::foreign_key && added.columns.size() == 1 &&
           is_named_after(reading, drop.constraint, added.columns.front());
  }
  auto columns = step.constraint->columns;
  for (auto& column : columns) {
    column = name_until(reading, step, at, drop.table, column);
  }
  auto others = added.columns;
  std::sort(columns.begin(), columns.end());
  std::sort(others.begin(), others.end());
  return added.kind == step.constraint->kind && added.kind != ConstraintKind::check &&
         !columns.empty() && columns == others;
}

/// Another one takes its place before others can write, or at once.
bool is_followed(const Reading& reading, const ReadStep& step, const action::DropConstraint& drop) {
  bool found = false;
  each<action::AddConstraint>(reading, [&](const ReadStep& at, const action::AddConstraint& add) {
    // Without a transaction Django lets the new one follow at once.
    const bool is_next = reading.sender == Sender::migration && at.statement == step.statement + 1;
    const bool is_soon = &at > &step && (are_together(step, at) || is_next);
    found = found || (is_soon && is_same(add.table, drop.table) &&
                      (add.constraint.name == drop.constraint ||
                       guards_alike(reading, step, drop, at, add.constraint)));
  });
  return found;
}

/// One of that name was added by this text, or takes its place before others can write.
bool is_replaced(const Reading& reading, const ReadStep& step, const action::DropConstraint& drop) {
  return comes_before<action::AddConstraint>(reading, step,
                                             [&](const action::AddConstraint& add) {
                                               return is_same(add.table, drop.table) &&
                                                      add.constraint.name == drop.constraint;
                                             }) ||
         is_followed(reading, step, drop) ||
         follows_together<action::Rename>(reading, step, [&](const action::Rename& rename) {
           return rename.kind == "TABCONSTRAINT" && is_same(rename.table, drop.table) &&
                  rename.to == drop.constraint;
         });
}

/// It goes with its column, of which another rule speaks. Django writes the column into the name.
bool goes_with_column(const Reading& reading, const ReadStep& step,
                      const action::DropConstraint& drop) {
  bool found = false;
  each<action::DropColumn>(reading, [&](const ReadStep& /*at*/, const action::DropColumn& gone) {
    const auto& known = step.constraint;
    const bool is_on_it = known && !known->columns.empty()
                              ? std::find(known->columns.begin(), known->columns.end(),
                                          gone.column) != known->columns.end()
                              : drop.constraint.find("_" + gone.column + "_") != std::string::npos;
    found = found || (is_same(gone.table, drop.table) && is_on_it);
  });
  each<action::Drop>(reading, [&](const ReadStep& /*at*/, const action::Drop& gone) {
    found = found || (gone.kind == "TABLE" &&
                      std::any_of(gone.objects.begin(), gone.objects.end(),
                                  [&](const auto& table) { return is_same(table, drop.table); }));
  });
  return found;
}

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  each<action::DropConstraint>(reading, [&](const ReadStep& step,
                                            const action::DropConstraint& drop) {
    if (!step.is_old() || is_helper(reading, step, drop) || is_replaced(reading, step, drop) ||
        goes_with_column(reading, step, drop)) {
      return;
    }
    const auto table = written(drop.table);
    const auto name = quote_identifier(drop.constraint);
    remarks.push_back(
        remark_on(reading, step,
                  fmt::format("constraint {} of {} no longer guards the rows that the running "
                              "release writes",
                              name, table),
                  fmt::format("to replace it: DROP CONSTRAINT {1} and the new one NOT VALID in one "
                              "ALTER TABLE {0}, and then VALIDATE CONSTRAINT",
                              table, name)));
  });
  return remarks;
}

} // namespace

const Rule drop_constraint{
    .slug = "drop-constraint",
    .area = Area::migrations,
    .grades = always(Severity::warning),
    .summary = "a constraint is dropped, and rows that break it may come",
    .why = "The running release relies on it. Rows that break it come in unseen, and the way back "
           "fails on them: the constraint cannot be added again until they are found and mended.",
    .remedy = "replace it in the same statement, or drop it only when the release that needs it "
              "is gone",
    .link = "https://www.postgresql.org/docs/current/sql-altertable.html",
    .read = read,
};

} // namespace pgtool::rules
