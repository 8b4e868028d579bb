#pragma once

#include <optional>
#include <string>
#include <vector>

namespace pgtool {

/// What a short helper command prints on stdout, without the line feed at its end; nothing when it
/// is not on PATH, fails, or takes longer than `seconds` (it is killed then). It gets no stdin, and
/// what it says on stderr is dropped. Throws Interrupted on a signal.
std::optional<std::string> captured_output(const std::vector<std::string>& argv,
                                           const std::string& dir, double seconds);

} // namespace pgtool
