#pragma once

#include "base/environment.hpp"

#include <string>
#include <utility>
#include <vector>

namespace pgtool {

/// How the project's own entry point is started.
struct EntryPoint {
  /// The interpreter; empty when `command` is a program that starts Python by itself, such as a
  /// shell script or `poetry run`.
  std::string python;
  std::vector<std::string> flags;   ///< the interpreter's own, such as -I
  std::vector<std::string> command; ///< "manage.py", "-m" and a module, or the program; then words
  std::vector<std::pair<std::string, std::string>> variables; ///< for its environment
  std::string dir;                                            ///< working directory
  std::string reason;                                         ///< why these, for -v 2

  [[nodiscard]] bool starts_python_itself() const { return python.empty(); }
};

/// What was said about the project; empty means: find it.
struct EntryPointRequest {
  std::string project;
  std::string manage;
  std::string python;
  std::string settings;
  Environment environment;
  std::string project_origin = "--project"; ///< where it was said: an option, a variable, a key
  std::string manage_origin = "--manage";
  std::string python_origin = "--python";
};

/// Finds the entry point: the command of --manage, or manage.py (here, above up to the top of the
/// version control's tree, below here or below that top to a depth of three), or `python -m django`
/// where the settings module is named; and the interpreter (see find_interpreter). Throws
/// Error(Failure::usage) that names what was looked for, or the several that were found.
EntryPoint find_entry_point(const EntryPointRequest& request);

/// False when nothing that was said and nothing that lies there speaks of a Django project, so that
/// find_entry_point() would find none.
bool is_project_there(const EntryPointRequest& request);

} // namespace pgtool
