#include "rules/both/all.hpp"

#include "rules/all_rules.hpp"

namespace pgtool {

RuleList rules_of_both() {
  static const Rule* const list[] = {
      &rules::server_side_cursors,
  };
  return list;
}

} // namespace pgtool
