#include "rules/migrations/all.hpp"

#include "rules/reading/remarks.hpp"
#include "sql/placeholders.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace pgtool::rules {
namespace {

bool locks_against_all(const Statement& statement, const Relation& table) {
  return std::any_of(statement.locks.locks.begin(), statement.locks.locks.end(),
                     [&](const RelationLock& lock) {
                       return lock.mode == LockMode::access_exclusive && lock.relation == table;
                     });
}

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  if (!reading.wrapped) {
    return remarks;
  }
  std::string locked;
  for (const auto& operation : operations_of(reading)) {
    if (operation.runs_python && operation.writes && !locked.empty()) {
      remarks.push_back(remark_on(
          reading, operation,
          fmt::format(
              "nobody can use {} while this RunPython works: the same transaction has locked it",
              locked),
          "a migration of its own for the RunPython, with atomic = False and in batches"));
    }
    for (const auto& step : reading.steps) {
      const bool is_of_operation =
          step.statement >= operation.first_statement && step.statement < operation.end_statement;
      // A table that only the code knows may be one of this migration.
      if (locked.empty() && is_of_operation && step.is_old() &&
          !has_placeholder(table_of(step.action).name) &&
          locks_against_all(reading.statements[step.statement], table_of(step.action))) {
        locked = written(table_of(step.action));
      }
    }
  }
  return remarks;
}

} // namespace

const Rule runpython_mixed_with_schema{
    .slug = "runpython-mixed-with-schema",
    .area = Area::migrations,
    .grades = always(Severity::warning),
    .summary = "one transaction changes a table and fills it with Python",
    .why = "An atomic migration is one transaction: what an operation has locked against "
           "everybody stays locked while the Python of another one goes through the rows. "
           "PostgreSQL may refuse it besides: \"cannot ALTER TABLE because it has pending trigger "
           "events\".",
    .remedy = "two migrations: the schema in one, the RunPython in another with atomic = False "
              "and in batches",
    .link = "https://docs.djangoproject.com/en/stable/ref/migration-operations/#runpython",
    .read = read,
};

} // namespace pgtool::rules
