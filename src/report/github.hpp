#pragma once

#include "model/report.hpp"
#include "report/machine_style.hpp"

#include <string>
#include <string_view>

namespace pgtool {

/// The report as workflow commands of GitHub Actions, one annotation a line, then the verdict.
/// Nothing that the report quotes is a command.
std::string render_github(const Report& report, const MachineStyle& style);

/// Text in one line that holds no workflow command, provided something stands before it.
std::string without_commands(std::string_view text);

} // namespace pgtool
