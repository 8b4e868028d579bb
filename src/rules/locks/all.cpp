#include "rules/locks/all.hpp"

#include "rules/all_rules.hpp"

namespace pgtool {

RuleList rules_of_locks() {
  static const Rule* const list[] = {
      &rules::index_not_concurrent,
  };
  return list;
}

} // namespace pgtool
