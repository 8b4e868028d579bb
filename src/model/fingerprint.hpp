#pragma once

#include "model/finding.hpp"

#include <vector>

namespace pgtool {

/// Gives each finding without one a fingerprint of its rule, file, object and kind of message, but
/// not of lines and numbers: it stays when the file grows above the place, or a count changes. Two
/// that would be equal are told apart by their order. Files below `root`, a folder, are taken as
/// seen from there, wherever the tree lies and whatever the current folder is.
void add_fingerprints(std::vector<Finding>& findings, const std::string& root);

/// The file as seen from `root`; as it is where it is not below it.
std::string seen_from(const std::string& root, const std::string& file);

} // namespace pgtool
