#include "django/project.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>

namespace pgtool {
namespace {

namespace fs = std::filesystem;

constexpr int search_depth = 3;
constexpr std::array skipped_folders{"node_modules", "site-packages", "venv",
                                     "env",          "build",         "dist"};

bool is_skipped(const fs::path& folder) {
  const auto name = folder.filename().string();
  return name.starts_with('.') ||
         std::find(skipped_folders.begin(), skipped_folders.end(), name) != skipped_folders.end();
}

bool is_top(const fs::path& folder) {
  return fs::exists(folder / ".git") || fs::exists(folder / ".hg") || folder == folder.root_path();
}

/// The nearest of the folder and those above it that holds manage.py.
std::optional<fs::path> look_upwards(fs::path folder) {
  while (true) {
    if (is_file((folder / "manage.py").string())) {
      return folder;
    }
    if (is_top(folder)) {
      return std::nullopt;
    }
    folder = folder.parent_path();
  }
}

void look_below(const fs::path& folder, int depth, std::vector<fs::path>& found) {
  std::error_code ignored;
  for (const auto& entry :
       fs::directory_iterator(folder, fs::directory_options::skip_permission_denied, ignored)) {
    std::error_code unreadable;
    if (!entry.is_directory(unreadable) || entry.is_symlink(unreadable) ||
        is_skipped(entry.path())) {
      continue;
    }
    if (is_file((entry.path() / "manage.py").string())) {
      found.push_back(entry.path());
    }
    if (depth > 1) {
      look_below(entry.path(), depth - 1, found);
    }
  }
}

fs::path find_manage_folder(const fs::path& start, bool named) {
  if (is_file((start / "manage.py").string())) {
    return start;
  }
  if (const auto above = named ? std::nullopt : look_upwards(start)) {
    return *above;
  }
  std::vector<fs::path> found;
  look_below(start, search_depth, found);
  if (found.size() == 1) {
    return found.front();
  }
  if (found.empty()) {
    throw Error(Failure::usage, "no manage.py in " + start.string() + ", above it or below it",
                "name the project's folder with --project, or its command with --manage");
  }
  std::sort(found.begin(), found.end());
  std::vector<std::string> names;
  for (const auto& folder : found) {
    names.push_back((folder / "manage.py").string());
  }
  throw Error(Failure::usage, "several manage.py files: " + join(names, ", "),
              "choose one with --project DIR");
}

std::string on_path(const std::string& program, const EntryPointRequest& request) {
  const auto path = request.environment.find("PATH");
  for (const auto& folder :
       split(path != request.environment.end() ? path->second : "/usr/local/bin:/usr/bin:/bin",
             ':')) {
    if (is_executable(folder + "/" + program)) {
      return folder + "/" + program;
    }
  }
  return "";
}

struct Interpreter {
  std::string path;
  std::string reason;
};

Interpreter find_interpreter(const fs::path& folder, const EntryPointRequest& request) {
  if (!request.python.empty()) {
    return {request.python, "--python"};
  }
  const auto active = request.environment.find("VIRTUAL_ENV");
  if (active != request.environment.end() && is_executable(active->second + "/bin/python")) {
    return {active->second + "/bin/python", "$VIRTUAL_ENV"};
  }
  for (fs::path at = folder;; at = at.parent_path()) {
    for (const char* name : {".venv", "venv", "env"}) {
      const auto python = at / name / "bin" / "python";
      if (is_executable(python.string())) {
        return {python.string(), (at / name).string()};
      }
    }
    if (is_top(at)) {
      break;
    }
  }
  for (const char* name : {"python3", "python"}) {
    if (const auto python = on_path(name, request); !python.empty()) {
      return {python, "PATH"};
    }
  }
  throw Error(Failure::usage, "no Python interpreter for the project in " + folder.string(),
              "name it with --python, or activate the project's environment");
}

/// The interpreter of a script's first line, when it is a Python.
std::string shebang_python(const std::string& script) {
  const auto text = read_file(script, 1U << 20);
  const auto line = text.substr(0, text.find('\n'));
  const auto words =
      line.starts_with("#!") ? split_words(line.substr(2)) : std::vector<std::string>{};
  const bool is_python =
      !words.empty() && fs::path(words.front()).filename().string().starts_with("python");
  return is_python ? words.front() : "";
}

void refuse_elsewhere(const std::string& program, const std::string& manage) {
  constexpr std::array runners{"docker", "docker-compose", "podman", "kubectl", "oc", "ssh"};
  if (std::find(runners.begin(), runners.end(), fs::path(program).filename().string()) !=
      runners.end()) {
    throw Error(
        Failure::usage,
        "--manage '" + manage + "' starts the project elsewhere, where pgtool cannot watch it",
        "run pgtool itself there: " + fs::path(program).filename().string() + " … pgtool …");
  }
}

EntryPoint from_command(const EntryPointRequest& request, const fs::path& folder) {
  auto words = split_words(request.manage);
  if (words.empty()) {
    throw Error(Failure::usage, "--manage is empty, expected a command such as 'python manage.py'");
  }
  refuse_elsewhere(words.front(), request.manage);
  if (fs::path(words.front()).filename().string().starts_with("python")) {
    const auto python = request.python.empty() ? words.front() : request.python;
    words.erase(words.begin());
    if (words.empty()) {
      throw Error(Failure::usage,
                  "--manage '" + request.manage + "' names no script and no module");
    }
    return {python, words, folder.string(), "--manage"};
  }
  const bool is_path = words.front().find('/') != std::string::npos;
  const auto script = is_path || is_file((folder / words.front()).string())
                          ? (folder / words.front()).string()
                          : on_path(words.front(), request);
  if (script.empty() || !is_file(script)) {
    throw Error(Failure::usage, "--manage: no command '" + words.front() + "'",
                "give a path, or a command that is on PATH");
  }
  const auto shebang = shebang_python(script);
  const auto python = !request.python.empty() ? request.python
                      : !shebang.empty()      ? shebang
                                              : find_interpreter(folder, request).path;
  words.front() = script;
  return {python, words, folder.string(), "--manage"};
}

} // namespace

EntryPoint find_entry_point(const EntryPointRequest& request) {
  const bool named = !request.project.empty();
  if (named && !is_folder(request.project)) {
    throw Error(Failure::usage, "--project " + request.project + " is not a folder");
  }
  const auto start = named ? fs::absolute(request.project).lexically_normal() : fs::current_path();
  if (!request.manage.empty()) {
    return from_command(request, start);
  }
  const auto folder = find_manage_folder(start, named);
  const auto interpreter = find_interpreter(folder, request);
  return {interpreter.path,
          {"manage.py"},
          folder.string(),
          (folder / "manage.py").string() + " with " + interpreter.path + " (from " +
              interpreter.reason + ")"};
}

} // namespace pgtool
