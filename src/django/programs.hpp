#pragma once

#include "base/environment.hpp"

#include <string>

namespace pgtool {

/// A Python for the project.
struct Interpreter {
  std::string path;
  std::string reason; ///< where it was found, for -v 2
};

/// The program as PATH of that environment finds it; "" when it does not.
std::string find_on_path(const std::string& program, const Environment& environment);

/// Whether a program's name says that it is a Python: "/usr/bin/python3.11", "pypy3".
bool is_python_name(const std::string& program);

} // namespace pgtool
