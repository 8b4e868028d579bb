#include "base/work_tree.hpp"

#include <filesystem>

namespace pgtool {

bool is_top_folder(const std::string& folder) {
  const std::filesystem::path path(folder);
  std::error_code unreadable;
  return path == path.root_path() || std::filesystem::exists(path / ".git", unreadable) ||
         std::filesystem::exists(path / ".hg", unreadable);
}

} // namespace pgtool
