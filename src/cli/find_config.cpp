#include "cli/config.hpp"

#include "base/file.hpp"

#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

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

/// Nobody but us and root can put a file there: whoever writes pgtool.yaml says where passwords go.
bool is_trusted(const fs::path& folder) {
  struct stat info {};
  return stat(folder.c_str(), &info) == 0 && (info.st_uid == 0 || info.st_uid == geteuid()) &&
         (info.st_mode & S_IWOTH) == 0;
}

/// The current folder, then its parents: up to the root of the work tree, or, where there is none,
/// as far as the folders can be trusted.
std::vector<fs::path> folders_to_search() {
  std::error_code ignored;
  std::vector<fs::path> all;
  std::vector<fs::path> trusted;
  bool trusts = true;
  for (fs::path folder = fs::current_path(ignored); !folder.empty();
       folder = folder.parent_path()) {
    all.push_back(folder);
    trusts = trusts && is_trusted(folder);
    if (trusts || all.size() == 1) {
      trusted.push_back(folder);
    }
    if (fs::exists(folder / ".git", ignored)) {
      trusted = all;
      break;
    }
    if (folder == folder.parent_path()) {
      break;
    }
  }
  if (!trusted.empty()) {
    trusted.front() = fs::path(); // messages name what is here without its folder
  }
  return trusted;
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
