#pragma once

#include "model/report.hpp"
#include "report/machine_style.hpp"

#include <string>

namespace pgtool {

/// The report as JUnit's XML: a test for each rule, each finding of it, what could not be examined
/// and the verdict. Findings below the fail level pass.
std::string render_junit(const Report& report, const MachineStyle& style);

} // namespace pgtool
