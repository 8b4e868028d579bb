#include "rules/losses/all.hpp"

#include "rules/reading/remarks.hpp"
#include "sql/quote.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

std::string question_for(const Relation& table) {
  return fmt::format("-- these tables are emptied with it: name those that are meant in a TRUNCATE "
                     "without CASCADE\n"
                     "SELECT conrelid::regclass FROM pg_constraint WHERE contype = 'f' AND "
                     "confrelid = {}::regclass;",
                     quote_literal(written(table)));
}

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  each<action::Truncate>(reading, [&](const ReadStep& step, const action::Truncate& truncation) {
    for (std::size_t at = 0; truncation.cascade && at < truncation.tables.size(); ++at) {
      if (step.objects[at].born || step.objects[at].temporary) {
        continue;
      }
      const auto& table = truncation.tables[at];
      remarks.push_back(remark_on(
          reading, step, table,
          fmt::format("TRUNCATE … CASCADE empties {}, every table that refers to it, and those "
                      "that refer to them",
                      written(table)),
          question_for(table)));
    }
  });
  return remarks;
}

} // namespace

const Rule truncate_cascade{
    .slug = "truncate-cascade",
    .area = Area::migrations,
    .grades = always(Severity::error),
    .summary = "every row of a table is removed, and of all tables that refer to it",
    .why = "CASCADE follows foreign keys, whatever their ON DELETE says: tables that the statement "
           "does not name are emptied and locked, and a table that somebody adds later with a "
           "foreign key is emptied with them.",
    .remedy = "name every table that is meant, without CASCADE",
    .link = "https://www.postgresql.org/docs/current/sql-truncate.html",
    .read = read,
};

} // namespace pgtool::rules
