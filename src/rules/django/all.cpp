#include "rules/django/all.hpp"

#include "rules/all_rules.hpp"

namespace pgtool {

RuleList rules_of_django() {
  static const Rule* const list[] = {
      &rules::package_needs_session,
  };
  return list;
}

} // namespace pgtool
