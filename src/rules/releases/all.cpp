#include "rules/releases/all.hpp"

#include "rules/all_rules.hpp"

namespace pgtool {

RuleList rules_of_releases() {
  static const Rule* const list[] = {
      &rules::rename_column, &rules::rename_table,      &rules::rename_enum_value,
      &rules::rename_schema, &rules::move_table_schema, &rules::drop_column,
      &rules::drop_view,     &rules::drop_not_null,     &rules::add_required_column_default_dropped,
  };
  return list;
}

} // namespace pgtool
