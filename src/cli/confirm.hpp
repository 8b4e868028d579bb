#pragma once

#include "base/environment.hpp"
#include "model/report.hpp"

#include <optional>
#include <string>

namespace pgtool {

/// Shows the report on the terminal and asks the question there, so that stdout keeps to the
/// result. Only "y" and "yes" are a yes; nullopt where stdin or stderr is no terminal. Throws
/// Interrupted.
std::optional<bool> confirm(const Report& report, const std::string& question,
                            const Environment& environment);

} // namespace pgtool
