#include "rules/all_rules.hpp"

namespace pgtool {

RuleList rules_of_django() { return {}; }

} // namespace pgtool
