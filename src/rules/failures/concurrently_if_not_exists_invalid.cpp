#include "rules/failures/all.hpp"

#include "rules/reading/remarks.hpp"
#include "rules/remedies/safe_form.hpp"
#include "sql/quote.hpp"
#include "sql/rewritten.hpp"

#include <fmt/core.h>
#include <set>

namespace pgtool::rules {
namespace {

std::string remedy_for(const Reading& reading, const ReadStep& step,
                       const action::CreateIndex& create) {
  const auto index = written({create.table.schema, create.index});
  const auto build = concurrently(reading.statements[step.statement].text);
  SafeSteps steps{{fmt::format("DROP INDEX CONCURRENTLY IF EXISTS {}", index), "", ""}};
  if (!build.empty()) {
    steps.push_back({build.front(), steps.front().sql, ""});
  }
  return safe_form(reading, step, concurrently_if_not_exists_invalid.slug, steps);
}

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  std::set<std::string> dropped;
  for (const auto& step : reading.steps) {
    if (const auto* drop = std::get_if<action::Drop>(&step.action)) {
      for (const auto& object : drop->objects) {
        dropped.insert(object.name);
      }
    }
    const auto* create = std::get_if<action::CreateIndex>(&step.action);
    if (create != nullptr && create->concurrently && create->if_not_exists && step.is_old() &&
        !dropped.contains(create->index)) {
      remarks.push_back(
          remark_on(reading, step,
                    fmt::format("an invalid {} that a failed try has left is taken for a good one",
                                quote_identifier(create->index)),
                    remedy_for(reading, step, *create)));
    }
  }
  return remarks;
}

} // namespace

const Rule concurrently_if_not_exists_invalid{
    .slug = "concurrently-if-not-exists-invalid",
    .area = Area::migrations,
    .grades = always(Severity::warning),
    .summary = "IF NOT EXISTS takes a broken index for a good one",
    .why = "A CREATE INDEX CONCURRENTLY that failed leaves an invalid index behind, which no "
           "query uses and every write maintains. With IF NOT EXISTS the next try finds the name "
           "taken and does nothing.",
    .remedy = "DROP INDEX CONCURRENTLY IF EXISTS before it; pgtool migrate builds a broken one "
              "anew by itself",
    .link =
        "https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY",
    .read = read,
};

} // namespace pgtool::rules
