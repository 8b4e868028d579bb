#include "rules/sessions/all.hpp"

#include "rules/all_rules.hpp"

namespace pgtool {

RuleList rules_of_sessions() {
  static const Rule* const list[] = {
      &rules::session_set_under_pooler,
      &rules::set_role_under_pooler,
      &rules::session_advisory_lock_under_pooler,
      &rules::temp_table_under_pooler,
      &rules::sql_prepare_under_pooler,
      &rules::with_hold_cursor_under_pooler,
      &rules::listen_under_pooler,
      &rules::load_under_pooler,
      &rules::discard_under_pooler,
      &rules::currval_under_pooler,
  };
  return list;
}

} // namespace pgtool
