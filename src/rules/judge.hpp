#pragma once

#include "rules/rule.hpp"

#include <vector>

namespace pgtool {

/// What all rules of the table have to say, gravest first; fingerprints are for later.
std::vector<Finding> judge(const Deployment& deployment);

/// What all rules have to say of statements, in the order of their lines.
std::vector<Finding> judge(const Reading& reading);

/// What one rule has to say.
std::vector<Finding> judge(const Rule& rule, const Deployment& deployment);

} // namespace pgtool
