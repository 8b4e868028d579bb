#pragma once

#include <filesystem>
#include <vector>

namespace pgtool {

/// Files below a folder that may describe a pooler, by kind, in the order of their names.
struct ConfigFiles {
  std::vector<std::filesystem::path> inis;
  /// One group for each folder: a compose file and what lies over it.
  std::vector<std::vector<std::filesystem::path>> composes;
  std::vector<std::vector<std::filesystem::path>> manifests; ///< one group for each folder
  bool all = true; ///< false when the folder holds more than is looked through
};

/// Looks through a folder to a depth of three, not into hidden folders, environments and packages,
/// and no further than a few thousand entries: a project is no file system.
ConfigFiles list_config_files(const std::filesystem::path& folder);

} // namespace pgtool
