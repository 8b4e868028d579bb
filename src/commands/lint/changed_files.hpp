#pragma once

#include <string>
#include <vector>

namespace pgtool {

/// The files below the folder that git says have changed since a revision, or are new and not yet
/// added; as seen from the folder, in order. Deleted ones are left out. Throws
/// Error(Failure::usage) where there is no git, no work tree or no such revision.
std::vector<std::string> changed_files(const std::string& folder, const std::string& revision);

} // namespace pgtool
