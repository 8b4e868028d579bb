#pragma once

#include "rules/rule.hpp"

/// Statements that block others while they work; one rule, one file.
namespace pgtool::rules {

extern const Rule add_check_constraint;
extern const Rule add_column_auto_increment;
extern const Rule add_column_constant_default;
extern const Rule add_column_constrained_domain;
extern const Rule add_column_generated_stored;
extern const Rule add_column_volatile_default;
extern const Rule add_exclusion_constraint;
extern const Rule add_foreign_key;
extern const Rule add_primary_key;
extern const Rule add_unique_constraint;
extern const Rule alter_column_type;
extern const Rule alter_domain_add_constraint;
extern const Rule attach_partition_scan;
extern const Rule create_trigger_brief_lock;
extern const Rule detach_partition_not_concurrent;
extern const Rule drop_index_not_concurrent;
extern const Rule explicit_lock_table;
extern const Rule index_not_concurrent;
extern const Rule multiple_tables_locked;
extern const Rule refresh_matview_not_concurrent;
extern const Rule reindex_not_concurrent;
extern const Rule set_access_method;
extern const Rule set_logged_unlogged;
extern const Rule set_not_null;
extern const Rule set_tablespace;
extern const Rule statement_after_access_exclusive;
extern const Rule vacuum_full_cluster;
extern const Rule validate_in_same_transaction;

} // namespace pgtool::rules
