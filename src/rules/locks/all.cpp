#include "rules/locks/all.hpp"

#include "rules/all_rules.hpp"

namespace pgtool {

RuleList rules_of_locks() {
  static const Rule* const list[] = {
      &rules::add_check_constraint,
      &rules::add_column_auto_increment,
      &rules::add_column_constant_default,
      &rules::add_column_constrained_domain,
      &rules::add_column_generated_stored,
      &rules::add_column_volatile_default,
      &rules::add_exclusion_constraint,
      &rules::add_foreign_key,
      &rules::add_primary_key,
      &rules::add_unique_constraint,
      &rules::alter_column_type,
      &rules::alter_domain_add_constraint,
      &rules::attach_partition_scan,
      &rules::create_trigger_brief_lock,
      &rules::detach_partition_not_concurrent,
      &rules::drop_index_not_concurrent,
      &rules::explicit_lock_table,
      &rules::index_not_concurrent,
      &rules::multiple_tables_locked,
      &rules::refresh_matview_not_concurrent,
      &rules::reindex_not_concurrent,
      &rules::set_access_method,
      &rules::set_logged_unlogged,
      &rules::set_not_null,
      &rules::set_tablespace,
      &rules::statement_after_access_exclusive,
      &rules::vacuum_full_cluster,
      &rules::validate_in_same_transaction,
  };
  return list;
}

} // namespace pgtool
