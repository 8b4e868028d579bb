#pragma once

#include "django/project.hpp"

#include <string>

namespace pgtool {

struct Interpreter {
  std::string path;
  std::string reason; ///< where it was found, for -v 2
};

/// The Python for a project in `folder`, best first: --python (a program, or the folder of an
/// environment), $VIRTUAL_ENV, .venv, venv or env in the folder or above it, the environment that
/// uv, poetry, pipenv, pdm or hatch keeps for a project that has their files, the first line of
/// `script` ("" for none), PATH. Throws Error(Failure::usage) when there is none.
Interpreter find_interpreter(const std::string& folder, const std::string& script,
                             const EntryPointRequest& request);

/// The program as PATH of that environment finds it; "" when it does not.
std::string find_on_path(const std::string& program, const Environment& environment);

/// Whether a program's name says that it is a Python: "/usr/bin/python3.11", "pypy3".
bool is_python_name(const std::string& program);

/// True for the root of a version control's tree or of the file system: no project reaches above.
bool is_top_folder(const std::string& folder);

} // namespace pgtool
