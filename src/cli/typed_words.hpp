#pragma once

#include "base/environment.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace pgtool {

/// A word as the shell would hand it over: without quotes and backslashes, `~/` as the home folder.
std::string unquoted(std::string_view word, const Environment& environment);

/// The options that say which project is meant, as "--name=value", among the words of a command
/// line; words that are unknown, or lack their value, are left out.
std::vector<std::string> project_options(const std::vector<std::string>& typed);

} // namespace pgtool
