#pragma once

#include "rules/rule.hpp"

/// Statements after which rows, or what guards them, are gone; one rule, one file.
namespace pgtool::rules {

extern const Rule drop_table;
extern const Rule drop_schema;
extern const Rule drop_database;
extern const Rule truncate;
extern const Rule truncate_cascade;
extern const Rule delete_without_where;
extern const Rule update_without_where;
extern const Rule disable_trigger;
extern const Rule drop_constraint;
extern const Rule opaque_dynamic_sql;

} // namespace pgtool::rules
