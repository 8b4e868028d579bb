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

std::vector<Key> config_keys(std::span<const OptionSpec* const> options) {
  std::vector<Key> keys = {
      {"databases.*.pooled", Shape::text},
      {"databases.*.direct", Shape::text},
      {"databases.*.console", Shape::list},
  };
  for (const auto* option : options) {
    if (!option->key.empty()) {
      keys.push_back({std::string(option->key), option->repeatable ? Shape::list : Shape::text});
    }
  }
  for (const char* later :
       {"databases.*.roles", "migrate.lock-timeout", "migrate.statement-timeout", "migrate.retries",
        "migrate.max-transaction-age", "migrate.apps", "schema-move", "rules.select",
        "rules.ignore", "rules.baseline", "targets"}) {
    keys.push_back({later, Shape::later});
  }
  return keys;
}

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
