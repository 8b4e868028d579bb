#include "base/work_tree.hpp"

#include <filesystem>

namespace pgtool {

bool is_top_folder(const std::string& folder) {
  const std::filesystem::path path(folder);
  std::error_code unreadable;
  return path == path.root_path() || std::filesystem::exists(path / ".git", unreadable) ||
         std::filesystem::exists(path / ".hg", unreadable);
}

std::string top_of_tree(const std::string& folder) {
  const std::filesystem::path start(folder);
  for (auto up = start; up != up.root_path() && !up.empty(); up = up.parent_path()) {
    if (is_top_folder(up.string())) {
      return up.string();
    }
  }
  return folder;
}

} // namespace pgtool
