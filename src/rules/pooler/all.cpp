#include "rules/pooler/all.hpp"

#include "rules/all_rules.hpp"

namespace pgtool {

RuleList rules_of_poolers() {
  static const Rule* const list[] = {
      &rules::listen_all_addresses,
  };
  return list;
}

} // namespace pgtool
