#pragma once

#include "model/finding.hpp"

#include <vector>

namespace pgtool {

/// Gives each finding without one a fingerprint of its rule, file, object and kind of message, but
/// not of lines and numbers: it stays when the file grows above the place, or a count changes. Two
/// that would be equal are told apart by their order.
void add_fingerprints(std::vector<Finding>& findings);

} // namespace pgtool
