#include "django/interpreter.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/work_tree.hpp"
#include "django/environment_tools.hpp"
#include "django/shebang.hpp"

#include <filesystem>
#include <optional>

namespace pgtool {
namespace {

namespace fs = std::filesystem;

std::string variable(const EntryPointRequest& request, std::string_view name) {
  const auto found = request.environment.find(name);
  return found != request.environment.end() ? found->second : std::string();
}

/// The Python of an environment's folder; "" when it has none.
std::string python_in(const fs::path& environment) {
  const auto python = (environment / "bin" / "python").string();
  return is_executable(python) ? python : std::string();
}

std::string named_python(const EntryPointRequest& request) {
  const auto& named = request.python;
  if (named.find('/') == std::string::npos && !is_folder(named)) {
    const auto found = find_on_path(named, request.environment);
    if (found.empty()) {
      throw Error(Failure::usage, request.python_origin + ": no program '" + named + "' on PATH",
                  "give the path of an interpreter, or the folder of its environment");
    }
    return found;
  }
  const auto absolute = fs::absolute(named).lexically_normal();
  if (is_folder(named)) {
    if (const auto python = python_in(absolute); !python.empty()) {
      return python;
    }
    throw Error(Failure::usage, request.python_origin + ": no bin/python in the folder " + named,
                "give the path of an interpreter, or the folder of its environment");
  }
  if (!is_executable(named)) {
    throw Error(Failure::usage,
                request.python_origin + ": " + named + " is not a program that can be run",
                "give the path of an interpreter, or the folder of its environment");
  }
  return absolute.string();
}

std::optional<Interpreter> from_active_environment(const EntryPointRequest& request) {
  const auto active = variable(request, "VIRTUAL_ENV");
  const auto python = active.empty() ? std::string() : python_in(active);
  return python.empty() ? std::nullopt : std::optional(Interpreter{python, "$VIRTUAL_ENV"});
}

std::optional<Interpreter> from_folders(const fs::path& folder) {
  for (fs::path at = folder;; at = at.parent_path()) {
    for (const char* name : {".venv", "venv", "env"}) {
      if (const auto python = python_in(at / name); !python.empty()) {
        return Interpreter{python, (at / name).string()};
      }
    }
    if (is_top_folder(at.string())) {
      return std::nullopt;
    }
  }
}

std::optional<Interpreter> from_tools(const fs::path& folder, const EntryPointRequest& request) {
  for (fs::path at = folder;; at = at.parent_path()) {
    if (auto found = environment_of_tool(at.string(), request.environment)) {
      return found;
    }
    if (is_top_folder(at.string())) {
      return std::nullopt;
    }
  }
}

std::optional<Interpreter> from_script(const std::string& script) {
  if (script.empty()) {
    return std::nullopt;
  }
  // `env python` says no more than PATH does.
  const auto line = read_shebang(script);
  const bool is_path = line && line->python.find('/') != std::string::npos;
  return is_path && is_executable(line->python)
             ? std::optional(Interpreter{line->python, "the first line of " + script})
             : std::nullopt;
}

std::optional<Interpreter> from_path(const EntryPointRequest& request) {
  for (const char* name : {"python3", "python"}) {
    if (const auto python = find_on_path(name, request.environment); !python.empty()) {
      return Interpreter{python, "PATH"};
    }
  }
  return std::nullopt;
}

} // namespace

Interpreter find_interpreter(const std::string& folder, const std::string& script,
                             const EntryPointRequest& request) {
  if (!request.python.empty()) {
    return {named_python(request), request.python_origin};
  }
  auto found = from_active_environment(request);
  found = found ? found : from_folders(folder);
  found = found ? found : from_tools(folder, request);
  found = found ? found : from_script(script);
  found = found ? found : from_path(request);
  if (!found) {
    throw Error(Failure::usage, "no Python interpreter for the project in " + folder,
                "name it with --python, or activate the project's environment");
  }
  return *found;
}

} // namespace pgtool
