#pragma once

#include "base/value.hpp"
#include "rules/timeline/timeline.hpp"

#include <string>
#include <vector>

namespace pgtool {

/// Every lock of every reading, for programs; readings that lock nothing are left out.
Value timeline_value(const std::vector<Reading>& readings, const Rates& rates);

/// Those that keep reads or writes waiting, a line each, for people.
std::vector<std::string> timeline_lines(const std::vector<Reading>& readings, const Rates& rates);

} // namespace pgtool
