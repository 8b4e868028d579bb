#include "pooler/config/config_files.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace pgtool {
namespace {

namespace fs = std::filesystem;

constexpr int deepest = 3;
constexpr int most_entries = 4000;

constexpr std::array passed_over{"node_modules", "venv",   "env",    "site-packages", "__pycache__",
                                 "static",       "media",  "locale", "migrations",    "dist",
                                 "build",        "target", "vendor"};
// Manifests have no names of their own: only folders that people keep them in are looked at.
constexpr std::array manifest_folders{"k8s",        "kubernetes", "kube", "manifests", "deploy",
                                      "deployment", "infra",      "base", "overlays",  "ops"};

template <std::size_t size>
bool is_one_of(const std::array<const char*, size>& names, std::string_view name) {
  return std::any_of(names.begin(), names.end(), [&](const char* known) { return name == known; });
}

bool is_yaml(const fs::path& file) {
  return file.extension() == ".yaml" || file.extension() == ".yml";
}

bool is_compose(const fs::path& file) {
  const auto name = file.filename().string();
  return is_yaml(file) && (name.starts_with("docker-compose") || name.starts_with("compose"));
}

/// docker compose's own order: the plain name is the base, the others lie over it.
bool is_base(const fs::path& file) {
  const auto stem = file.stem().string();
  return stem == "compose" || stem == "docker-compose";
}

class Listing {
public:
  void look(const fs::path& folder, int depth) {
    std::vector<fs::path> files;
    std::vector<fs::path> folders;
    std::error_code unreadable;
    for (fs::directory_iterator entry(folder, unreadable), end; entry != end && !unreadable;
         entry.increment(unreadable)) {
      if (++entries_ > most_entries) {
        found.all = false;
        return;
      }
      std::error_code gone;
      const auto name = entry->path().filename().string();
      if (!name.starts_with('.') && entry->is_directory(gone) && !entry->is_symlink(gone)) {
        if (!is_one_of(passed_over, name)) {
          folders.push_back(entry->path());
        }
      } else if (entry->is_regular_file(gone)) {
        files.push_back(entry->path());
      }
    }
    std::sort(files.begin(), files.end());
    std::sort(folders.begin(), folders.end());
    take(folder, files);
    for (const auto& below : folders) {
      if (depth < deepest) {
        look(below, depth + 1);
      }
    }
  }

  ConfigFiles found;

private:
  void take(const fs::path& folder, const std::vector<fs::path>& files) {
    std::vector<fs::path> manifests;
    std::vector<fs::path> bases;
    std::vector<fs::path> over;
    for (const auto& file : files) {
      if (file.extension() == ".ini" &&
          file.filename().string().find("bouncer") != std::string::npos) {
        found.inis.push_back(file);
      } else if (is_compose(file)) {
        (is_base(file) ? bases : over).push_back(file);
      } else if (is_yaml(file) && is_one_of(manifest_folders, folder.filename().string())) {
        manifests.push_back(file);
      }
    }
    add_composes(bases, over);
    if (!manifests.empty()) {
      found.manifests.push_back(std::move(manifests));
    }
  }

  /// docker compose itself lays only the override over the base; the others belong to machines of
  /// their own (compose.prod.yaml), each over the base.
  void add_composes(const std::vector<fs::path>& bases, const std::vector<fs::path>& over) {
    auto usual = bases;
    for (const auto& file : over) {
      if (file.stem().string().ends_with(".override")) {
        usual.push_back(file);
      }
    }
    if (!usual.empty()) {
      found.composes.push_back(usual);
    }
    for (const auto& file : over) {
      if (!file.stem().string().ends_with(".override")) {
        auto group = bases;
        group.push_back(file);
        found.composes.push_back(std::move(group));
      }
    }
  }

  int entries_ = 0;
};

} // namespace

ConfigFiles list_config_files(const fs::path& folder) {
  Listing listing;
  listing.look(folder, 1);
  return std::move(listing.found);
}

} // namespace pgtool
