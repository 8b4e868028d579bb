#pragma once

#include "rules/rule.hpp"

#include <vector>

namespace pgtool {

/// What all rules of the table have to say, gravest first, each with its fingerprint.
std::vector<Finding> judge(const Deployment& deployment);

/// What one rule has to say, without fingerprints.
std::vector<Finding> judge(const Rule& rule, const Deployment& deployment);

} // namespace pgtool
