#include "rules/migrations/all.hpp"

#include "rules/all_rules.hpp"

namespace pgtool {

RuleList rules_of_operations() {
  static const Rule* const list[] = {
      &rules::conflicting_leaf_nodes,      &rules::iterator_outside_transaction,
      &rules::runpython_mixed_with_schema, &rules::runpython_model_import,
      &rules::runpython_not_reversible,    &rules::runsql_not_reversible,
  };
  return list;
}

} // namespace pgtool
