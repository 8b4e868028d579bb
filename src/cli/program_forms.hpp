#pragma once

#include "commands/options.hpp"
#include "model/report.hpp"

#include <string>

namespace pgtool {

/// The report in the form for programs that `output` names. `project`: the folder that was given
/// for the project, or "".
std::string render_for_programs(const Report& report, const OutputOptions& output,
                                const std::string& project);

} // namespace pgtool
