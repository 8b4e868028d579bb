#pragma once

#include "rules/rule.hpp"

/// Statements that block others while they work; one rule, one file.
namespace pgtool::rules {

extern const Rule index_not_concurrent;

} // namespace pgtool::rules
