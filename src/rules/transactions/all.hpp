#pragma once

#include "rules/rule.hpp"

/// Transactions that are not what they look like; one rule, one file.
namespace pgtool::rules {

extern const Rule transaction_nesting;
extern const Rule uncommitted_transaction;
extern const Rule set_local_outside_transaction;

} // namespace pgtool::rules
