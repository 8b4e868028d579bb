#pragma once

#include "base/text.hpp"
#include "rules/reading/reading.hpp"
#include "sql/quote.hpp"

namespace pgtool {

/// Calls `visit(step, table, constraint)` for each constraint that is added, by itself or with a
/// column.
template <typename Visit> void each_constraint(const Reading& reading, Visit visit) {
  each<action::AddConstraint>(reading, [&](const ReadStep& step, const action::AddConstraint& add) {
    visit(step, add.table, add.constraint);
  });
  each<action::AddColumn>(reading, [&](const ReadStep& step, const action::AddColumn& add) {
    for (const auto& constraint : add.column.constraints) {
      visit(step, add.table, constraint);
    }
  });
}

/// Its columns as they are written in SQL, with commas between them.
inline std::string written_columns(const ConstraintDefinition& constraint) {
  std::vector<std::string> columns;
  for (const auto& column : constraint.columns) {
    columns.push_back(quote_identifier(column));
  }
  return join(columns, ", ");
}

} // namespace pgtool
