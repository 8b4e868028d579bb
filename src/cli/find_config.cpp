#include "cli/config.hpp"

#include "base/file.hpp"

#include <filesystem>

namespace pgtool {
namespace {

namespace fs = std::filesystem;

std::string config_in(const fs::path& folder) {
  for (const char* name : {"pgtool.yaml", "pgtool.yml"}) {
    const std::string path = (folder / name).string();
    if (is_file(path)) {
      return path;
    }
  }
  return {};
}

/// The current folder, then its parents up to the root of the work tree. Outside of a work tree the
/// parents are somebody else's.
std::vector<fs::path> folders_to_search() {
  std::error_code ignored;
  std::vector<fs::path> folders;
  for (fs::path folder = fs::current_path(ignored); !folder.empty();
       folder = folder.parent_path()) {
    folders.push_back(folder);
    if (fs::exists(folder / ".git", ignored)) {
      folders.front() = fs::path();
      return folders;
    }
    if (folder == folder.parent_path()) {
      break;
    }
  }
  return {fs::path()};
}

} // namespace

std::string find_config(const std::string& project) {
  if (!project.empty()) {
    if (auto found = config_in(project); !found.empty()) {
      return found;
    }
  }
  for (const auto& folder : folders_to_search()) {
    if (auto found = config_in(folder); !found.empty()) {
      return found;
    }
  }
  return {};
}

} // namespace pgtool
