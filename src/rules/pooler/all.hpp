#pragma once

#include "rules/rule.hpp"

/// A pooler's own settings; one rule, one file.
namespace pgtool::rules {

extern const Rule listen_all_addresses;

} // namespace pgtool::rules
