#include "rules/losses/all.hpp"

#include "rules/all_rules.hpp"

namespace pgtool {

RuleList rules_of_losses() {
  static const Rule* const list[] = {
      &rules::drop_table,           &rules::drop_schema,
      &rules::drop_database,        &rules::truncate,
      &rules::truncate_cascade,     &rules::delete_without_where,
      &rules::update_without_where, &rules::disable_trigger,
      &rules::drop_constraint,      &rules::opaque_dynamic_sql,
  };
  return list;
}

} // namespace pgtool
