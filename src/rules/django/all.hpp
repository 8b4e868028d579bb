#pragma once

#include "rules/rule.hpp"

/// Django's settings, packages and source; one rule, one file.
namespace pgtool::rules {

extern const Rule package_needs_session;

} // namespace pgtool::rules
