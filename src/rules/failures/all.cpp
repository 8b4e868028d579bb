#include "rules/failures/all.hpp"

#include "rules/all_rules.hpp"

namespace pgtool {

RuleList rules_of_failures() {
  static const Rule* const list[] = {
      &rules::add_column_not_null_no_default, &rules::concurrently_if_not_exists_invalid,
      &rules::concurrently_in_transaction,    &rules::concurrently_unsupported_form,
      &rules::enum_add_value_in_transaction,  &rules::invalid_syntax_or_unsupported,
      &rules::partitioned_fk_not_valid,
  };
  return list;
}

} // namespace pgtool
