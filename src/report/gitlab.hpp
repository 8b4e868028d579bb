#pragma once

#include "model/report.hpp"
#include "report/machine_style.hpp"

#include <string>

namespace pgtool {

/// The report as GitLab's code quality artifact: a JSON array. What could not be examined, and a
/// run that failed, are entries, too. Each has a fingerprint of its own and a path in the work
/// tree, which is `style.stand_in` where a finding has none.
std::string render_gitlab(const Report& report, const MachineStyle& style);

} // namespace pgtool
