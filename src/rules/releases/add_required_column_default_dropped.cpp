#include "rules/releases/all.hpp"

#include "rules/reading/remarks.hpp"
#include "rules/reading/together.hpp"
#include "rules/remedies/safe_form.hpp"
#include "sql/quote.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::string remedy_for(const Reading& reading, const ReadStep& added,
                       const action::AddColumn& add) {
  const auto form = own_form(reading, added, add_required_column_default_dropped.slug);
  if (!form.empty()) {
    return form;
  }
  const auto column = quote_identifier(add.column.name);
  if (reading.sender == Sender::migration) {
    return fmt::format("db_default= on the field of column {} (Django 5.0 and later), which keeps "
                       "the default in the database; or null=True in this release, and NOT NULL in "
                       "the next",
                       column);
  }
  return fmt::format("keep the default for this release; ALTER TABLE {} ALTER COLUMN {} DROP "
                     "DEFAULT in the next",
                     written(add.table), column);
}

/// What has become of the column where the reading ends, and the step that took its default.
struct Outcome {
  bool has_default = false;
  bool required = false;
  bool stays = true;
  const ReadStep* dropped = nullptr;
};

void follow(const ReadStep& step, const action::AddColumn& add, Outcome& outcome) {
  const auto is_about = [&](const auto& action) {
    return is_same(action.table, add.table) && action.column == add.column.name;
  };
  if (const auto* change = std::get_if<action::ChangeDefault>(&step.action);
      change != nullptr && is_about(*change)) {
    outcome.has_default = !change->drops;
    outcome.dropped = change->drops ? &step : nullptr;
  } else if (const auto* set = std::get_if<action::SetNotNull>(&step.action);
             set != nullptr && is_about(*set)) {
    outcome.required = true;
  } else if (const auto* drop = std::get_if<action::DropNotNull>(&step.action);
             drop != nullptr && is_about(*drop)) {
    outcome.required = false;
  } else if (const auto* gone = std::get_if<action::DropColumn>(&step.action);
             gone != nullptr && is_about(*gone)) {
    outcome.stays = false;
  }
}

Outcome outcome_of(const Reading& reading, const ReadStep& added, const action::AddColumn& add) {
  Outcome outcome;
  outcome.has_default = add.column.value.has_value();
  outcome.required = add.column.not_null;
  for (const auto& step : reading.steps) {
    if (&step > &added) {
      follow(step, add, outcome);
    }
  }
  return outcome;
}

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  each<action::AddColumn>(reading, [&](const ReadStep& step, const action::AddColumn& add) {
    const auto outcome = outcome_of(reading, step, add);
    if (!step.is_old() || !outcome.stays || !outcome.required || outcome.has_default ||
        outcome.dropped == nullptr) {
      return;
    }
    remarks.push_back(
        remark_on(reading, *outcome.dropped,
                  fmt::format("{}.{} is required and its default goes again: every INSERT of the "
                              "running release fails",
                              written(add.table), quote_identifier(add.column.name)),
                  remedy_for(reading, step, add)));
  });
  return remarks;
}

} // namespace

const Rule add_required_column_default_dropped{
    .slug = "add-required-column-default-dropped",
    .area = Area::migrations,
    .grades = always(Severity::error),
    .summary = "a required column is added, and the default that would fill it is dropped again",
    .why = "The running release does not know the column, so its INSERTs leave it out, and without "
           "a default that is \"null value violates not-null constraint\". This is what Django "
           "sends for a field with default= alone: that default lives in Python.",
    .remedy = "db_default= (Django 5.0 and later), or null=True first and NOT NULL a release later",
    .link = "https://docs.djangoproject.com/en/stable/ref/models/fields/#db-default",
    .read = read,
};

} // namespace pgtool::rules
