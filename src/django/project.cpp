#include "django/project.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "base/work_tree.hpp"
#include "django/interpreter.hpp"
#include "django/manage_command.hpp"

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

/// The nearest of the folder and those above it that holds manage.py.
std::optional<fs::path> look_upwards(fs::path folder) {
  while (true) {
    if (is_file((folder / "manage.py").string())) {
      return folder;
    }
    if (is_top_folder(folder.string())) {
      return std::nullopt;
    }
    folder = folder.parent_path();
  }
}

/// The root of the version control's tree that the folder belongs to.
std::optional<fs::path> tree_of(fs::path folder) {
  while (!is_top_folder(folder.string())) {
    folder = folder.parent_path();
  }
  return folder == folder.root_path() ? std::nullopt : std::optional(folder);
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

/// Nothing when there is none; throws when several are as near as each other.
std::optional<fs::path> find_manage_folder(const fs::path& start, bool named) {
  if (is_file((start / "manage.py").string())) {
    return start;
  }
  if (auto above = named ? std::nullopt : look_upwards(start)) {
    return above;
  }
  std::vector<fs::path> found;
  look_below(start, search_depth, found);
  if (const auto top = named || !found.empty() ? std::nullopt : tree_of(start)) {
    look_below(*top, search_depth, found);
  }
  if (found.size() < 2) {
    return found.empty() ? std::nullopt : std::optional(found.front());
  }
  std::sort(found.begin(), found.end());
  std::vector<std::string> names;
  for (const auto& folder : found) {
    names.push_back((folder / "manage.py").string());
  }
  throw Error(Failure::usage, "several manage.py files: " + join(names, ", "),
              "choose one with --project DIR");
}

/// `python -m django` needs no manage.py, only the name of the settings module.
bool names_settings(const EntryPointRequest& request) {
  const auto variable = request.environment.find("DJANGO_SETTINGS_MODULE");
  return !request.settings.empty() ||
         (variable != request.environment.end() && !variable->second.empty());
}

EntryPoint entry_of_module(const fs::path& folder, const EntryPointRequest& request) {
  const auto interpreter = find_interpreter(folder.string(), "", request);
  EntryPoint entry;
  entry.python = interpreter.path;
  entry.command = {"-m", "django"};
  entry.dir = folder.string();
  entry.reason = "python -m django in " + folder.string() + ", where no manage.py is, with " +
                 interpreter.path + " (from " + interpreter.reason + ")";
  return entry;
}

EntryPoint entry_of_folder(const fs::path& folder, const EntryPointRequest& request) {
  const auto script = (folder / "manage.py").string();
  const auto interpreter = find_interpreter(folder.string(), script, request);
  EntryPoint entry;
  entry.python = interpreter.path;
  entry.command = {"manage.py"};
  entry.dir = folder.string();
  entry.reason = script + " with " + interpreter.path + " (from " + interpreter.reason + ")";
  return entry;
}

} // namespace

bool is_project_there(const EntryPointRequest& request) {
  if (!request.manage.empty() || names_settings(request)) {
    return true;
  }
  const bool named = !request.project.empty();
  if (named && !is_folder(request.project)) {
    return true; // which is an error that must be told
  }
  const auto start = named ? fs::absolute(request.project).lexically_normal() : fs::current_path();
  try {
    return find_manage_folder(start, named).has_value();
  } catch (const Error&) {
    return true; // several
  }
}

EntryPoint find_entry_point(const EntryPointRequest& request) {
  const bool named = !request.project.empty();
  if (named && !is_folder(request.project)) {
    throw Error(Failure::usage,
                request.project_origin + ": " + request.project + " is not a folder");
  }
  const auto start = named ? fs::absolute(request.project).lexically_normal() : fs::current_path();
  if (!request.manage.empty()) {
    return entry_of_command(request, start.string());
  }
  const auto folder = find_manage_folder(start, named);
  if (!folder && !names_settings(request)) {
    throw Error(Failure::usage,
                "no manage.py in " + start.string() + (named ? " or" : ", above it or") +
                    " below it",
                "name the project's folder with --project, its command with --manage, or its "
                "settings module with --settings");
  }
  return folder ? entry_of_folder(*folder, request) : entry_of_module(start, request);
}

} // namespace pgtool
