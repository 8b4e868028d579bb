#pragma once

#include <string>

namespace pgtool {

/// The path as a person would call it from where they are: relative below the folder that we run
/// in, else as it is.
std::string shown_path(const std::string& path);

} // namespace pgtool
