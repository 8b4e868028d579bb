#pragma once

#include "django/programs.hpp"
#include "django/project.hpp"

#include <string>

namespace pgtool {

/// The Python for a project in `folder`, best first: --python (a program, or the folder of an
/// environment), $VIRTUAL_ENV, .venv, venv or env in the folder or above it, the environment that
/// uv, poetry, pipenv, pdm or hatch keeps for a project that has their files, the first line of
/// `script` ("" for none), PATH. Throws Error(Failure::usage) when there is none.
Interpreter find_interpreter(const std::string& folder, const std::string& script,
                             const EntryPointRequest& request);

} // namespace pgtool
