#include "rules/all_rules.hpp"

namespace pgtool {

RuleList rules_of_databases() { return {}; }

} // namespace pgtool
