#pragma once

#include "base/environment.hpp"

#include <string>
#include <vector>

namespace pgtool {

/// True for `pgtool complete …`, which the completion scripts call for what only the project knows.
bool is_completion(const std::vector<std::string>& words);

/// What can stand at the end of a command line, one a line: for `complete aliases`, the aliases of
/// the project that is meant. Reads the words that were typed, as they were typed, from standard
/// input, one a line: a password among them must not get into an argument list. Nothing on any
/// failure. Leaves standard input and standard error at /dev/null.
std::string complete(const std::vector<std::string>& words, const Environment& environment);

} // namespace pgtool
