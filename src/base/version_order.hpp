#pragma once

#include <string_view>

namespace pgtool {

/// Whether a version such as "1.18.0" is older than another, by its numbers; what is no number ends
/// them, and numbers that are missing are 0.
bool is_older(std::string_view version, std::string_view than);

} // namespace pgtool
