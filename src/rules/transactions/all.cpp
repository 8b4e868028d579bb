#include "rules/transactions/all.hpp"

#include "rules/all_rules.hpp"

namespace pgtool {

RuleList rules_of_transactions() {
  static const Rule* const list[] = {
      &rules::transaction_nesting,
      &rules::uncommitted_transaction,
      &rules::set_local_outside_transaction,
  };
  return list;
}

} // namespace pgtool
