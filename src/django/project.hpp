#pragma once

#include "base/environment.hpp"

#include <string>
#include <vector>

namespace pgtool {

/// How the project's own entry point is started.
struct EntryPoint {
  std::string python;               ///< the interpreter
  std::vector<std::string> command; ///< "manage.py", or "-m" and a module
  std::string dir;                  ///< working directory
  std::string reason;               ///< why these were chosen, for -v 2
};

/// What was said about the project; empty means: find it.
struct EntryPointRequest {
  std::string project;
  std::string manage;
  std::string python;
  Environment environment;
};

/// Finds manage.py (here, above up to the top of the version control's tree, below to a depth of
/// three) and the interpreter (--python, $VIRTUAL_ENV, .venv, venv or env beside it or above,
/// PATH). Throws Error(Failure::usage) that names what was looked for, or the several that were
/// found.
EntryPoint find_entry_point(const EntryPointRequest& request);

} // namespace pgtool
