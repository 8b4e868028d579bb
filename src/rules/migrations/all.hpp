#pragma once

#include "rules/rule.hpp"

/// What Django itself makes of a migration; one rule, one file.
namespace pgtool::rules {

extern const Rule conflicting_leaf_nodes;
extern const Rule iterator_outside_transaction;
extern const Rule runpython_mixed_with_schema;
extern const Rule runpython_model_import;
extern const Rule runpython_not_reversible;
extern const Rule runsql_not_reversible;

} // namespace pgtool::rules
