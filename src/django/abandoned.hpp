#pragma once

#include <string>

namespace pgtool {

/// Removes the meeting points that a killed pgtool of this user left in `folder`: those whose
/// socket nobody listens on. One that is just being made has no socket yet, and stays.
void remove_abandoned_meeting_points(const std::string& folder);

} // namespace pgtool
