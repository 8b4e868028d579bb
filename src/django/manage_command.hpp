#pragma once

#include "django/project.hpp"

#include <string>

namespace pgtool {

/// The entry point that --manage names, run in `folder`: `python [flags] SCRIPT` or `-m MODULE`,
/// a console script (whose first line names its interpreter), or any other program that starts
/// Python by itself. `NAME=value` words before it go into its environment. Throws
/// Error(Failure::usage) for what is empty, not there, or runs elsewhere.
EntryPoint entry_of_command(const EntryPointRequest& request, const std::string& folder);

} // namespace pgtool
