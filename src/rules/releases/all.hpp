#pragma once

#include "rules/rule.hpp"

/// What the release that is still running cannot bear; one rule, one file.
namespace pgtool::rules {

extern const Rule rename_column;
extern const Rule rename_table;
extern const Rule rename_enum_value;
extern const Rule rename_schema;
extern const Rule move_table_schema;
extern const Rule drop_column;
extern const Rule drop_view;
extern const Rule drop_not_null;
extern const Rule add_required_column_default_dropped;

} // namespace pgtool::rules
