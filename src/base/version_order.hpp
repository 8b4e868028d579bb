#pragma once

#include <string_view>

namespace pgtool {

/// Whether a version such as "1.18.0" is older than another, by its numbers; what is no number ends
/// them, and numbers that are missing are 0.
bool is_older(std::string_view version, std::string_view than);

/// The same for a version that may be known in part only: "before 1.20", "1.20 or later", "" for
/// nothing. True where there is no doubt.
bool is_surely_older(std::string_view version, std::string_view than);
bool is_surely_since(std::string_view version, std::string_view wanted);

} // namespace pgtool
