#include "rules/locks/all.hpp"

#include "base/text.hpp"
#include "rules/reading/remarks.hpp"
#include "rules/reading/together.hpp"
#include "rules/reading/type_change.hpp"
#include "rules/remedies/safe_form.hpp"
#include "sql/quote.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::string message_for(TypeChange kind, const std::string& table, const std::string& column,
                        const std::optional<TypeName>& from, const TypeName& to) {
  const auto change =
      from ? fmt::format("from {} to {}", type_text(*from), type_text(to)) : "to " + type_text(to);
  if (kind == TypeChange::free_in_utc) {
    return fmt::format("{} is rewritten to change {} {}, unless the session's time zone is UTC",
                       table, column, change);
  }
  if (kind == TypeChange::not_known) {
    return fmt::format("{} may be rewritten to change {} {}: it depends on the type that it has",
                       table, column, change);
  }
  if (kind == TypeChange::free) {
    return fmt::format("{} is read whole to change {} {}: a check on it is verified anew", table,
                       column, change);
  }
  return fmt::format("{} is rewritten to change {} {}", table, column, change);
}

/// Of a change that leaves the table as it is: its indexes are sorted by the rules of a language.
std::optional<Remark> of_collation(const Reading& reading, const ReadStep& step,
                                   const action::ChangeColumnType& change) {
  const bool may_differ = !step.old_collation && !change.collation.empty();
  if (!may_differ && step.old_collation.value_or(change.collation) == change.collation) {
    return std::nullopt;
  }
  const auto column = quote_identifier(change.column);
  auto remark = remark_on(
      reading, step,
      fmt::format("the indexes of {} on {} are built anew while nobody can use it{}",
                  written(change.table), column,
                  may_differ ? fmt::format(", unless it has collation {} already",
                                           quote_identifier(change.collation))
                             : ""),
      "a new column of that collation with indexes built CONCURRENTLY, kept alike by a trigger, "
      "then swapped in");
  remark.severity = may_differ ? Severity::info : Severity::warning;
  return remark;
}

/// Whether its transaction has set the time zone to UTC before.
bool is_in_utc(const Reading& reading, const ReadStep& step) {
  bool is_utc = false;
  each<action::SetParameter>(reading, [&](const ReadStep& at, const action::SetParameter& set) {
    if (&at < &step && set.name == "timezone" && are_together(at, step)) {
      is_utc = set.local && !set.resets && lower(set.value) == "utc";
    }
  });
  return is_utc;
}

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  each<action::ChangeColumnType>(reading, [&](const ReadStep& step,
                                              const action::ChangeColumnType& change) {
    if (!step.is_old()) {
      return;
    }
    const auto kind =
        change.converts ? TypeChange::rewrites : type_change(step.old_type, change.type);
    const bool is_free =
        kind == TypeChange::free || (kind == TypeChange::free_in_utc && is_in_utc(reading, step));
    if (is_free && !step.checks_anew) {
      if (auto remark = of_collation(reading, step, change)) {
        remarks.push_back(std::move(*remark));
      }
      return;
    }
    const auto table = written(change.table);
    const auto column = quote_identifier(change.column);
    auto remark = remark_on(
        reading, step, message_for(kind, table, column, step.old_type, change.type),
        kind == TypeChange::rewrites ? safe_form(reading, step, alter_column_type.slug) : "");
    if (kind == TypeChange::free_in_utc) {
      remark.severity = Severity::warning;
      remark.remedy = fmt::format("BEGIN;\nSET LOCAL timezone = 'UTC';\n"
                                  "ALTER TABLE {} ALTER COLUMN {} TYPE {};\nCOMMIT;",
                                  table, column, type_text(change.type));
    } else if (kind == TypeChange::not_known) {
      remark.severity = Severity::info;
      remark.remedy = "look at the type that it has, or name the SQL that made it with --history";
    }
    remarks.push_back(std::move(remark));
  });
  return remarks;
}

} // namespace

const Rule alter_column_type{
    .slug = "alter-column-type",
    .area = Area::migrations,
    .grades = always(Severity::error),
    .summary = "a column gets another type, and the table is rewritten while nobody can use it",
    .why = "Most changes of a type compute each value anew: the table and its indexes are "
           "rewritten under ACCESS EXCLUSIVE. Free are a longer varchar, varchar to text, more "
           "digits of a numeric before its point, cidr to inet and the like.",
    .remedy = "a new column, filled by a trigger and in batches, then swapped in",
    .link = "https://www.postgresql.org/docs/current/sql-altertable.html",
    .grows = true,
    .read = read,
};

} // namespace pgtool::rules
