#pragma once

#include "model/report.hpp"
#include "report/machine_style.hpp"

#include <string>

namespace pgtool {

/// The report as a SARIF 2.1.0 log of one run, with a final line feed. Each result has a place in
/// the work tree, for code scanning takes no other; where a finding has none, `style.stand_in` is
/// it and the true place stands in the message.
std::string render_sarif(const Report& report, const MachineStyle& style);

} // namespace pgtool
