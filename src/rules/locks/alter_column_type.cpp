#include "rules/locks/all.hpp"

#include "rules/reading/remarks.hpp"
#include "sql/quote.hpp"

#include "rules/reading/type_change.hpp"
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

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  each<action::ChangeColumnType>(reading, [&](const ReadStep& step,
                                              const action::ChangeColumnType& change) {
    if (!step.is_old()) {
      return;
    }
    const auto kind =
        change.converts ? TypeChange::rewrites : type_change(step.old_type, change.type);
    if (kind == TypeChange::free && !step.checks_anew) {
      return;
    }
    const auto table = written(change.table);
    const auto column = quote_identifier(change.column);
    auto remark = remark_on(
        reading, step, message_for(kind, table, column, step.old_type, change.type),
        fmt::format("ALTER TABLE {0} ADD COLUMN {1}_new {2}; keep both alike with a trigger, fill "
                    "{1}_new in batches, then rename the two in one short transaction",
                    table, column, type_text(change.type)));
    if (kind == TypeChange::free_in_utc) {
      remark.severity = Severity::warning;
      remark.remedy =
          fmt::format("SET LOCAL timezone = 'UTC'; before ALTER TABLE {} ALTER COLUMN {} TYPE {}",
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
    .read = read,
};

} // namespace pgtool::rules
