#pragma once

#include "rules/rule.hpp"

/// The pooler and Django against each other; one rule, one file.
namespace pgtool::rules {

extern const Rule server_side_cursors;

} // namespace pgtool::rules
