#pragma once

#include "rules/rule.hpp"

/// Statements that fail, or do nothing where it matters; one rule, one file.
namespace pgtool::rules {

extern const Rule add_column_not_null_no_default;
extern const Rule concurrently_if_not_exists_invalid;
extern const Rule concurrently_in_transaction;
extern const Rule concurrently_unsupported_form;
extern const Rule enum_add_value_in_transaction;
extern const Rule invalid_syntax_or_unsupported;
extern const Rule partitioned_fk_not_valid;

} // namespace pgtool::rules
