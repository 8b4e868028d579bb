#include "commands/check/source_files.hpp"

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/file.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fmt/core.h>
#include <set>

namespace pgtool {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_files = 20'000;
constexpr std::size_t largest_file = 1U << 20;
constexpr double longest = 5; ///< seconds
constexpr int deepest = 12;
constexpr std::array skipped_folders{"node_modules", "site-packages", "venv",       "env",
                                     "build",        "dist",          "migrations", "tests",
                                     "test",         "static",        "media",      "__pycache__"};

bool is_skipped_folder(const fs::path& folder) {
  const auto name = folder.filename().string();
  return name.starts_with('.') ||
         std::find(skipped_folders.begin(), skipped_folders.end(), name) != skipped_folders.end() ||
         is_file((folder / "pyvenv.cfg").string());
}

bool is_source(const fs::path& file) {
  const auto name = file.filename().string();
  return name.ends_with(".py") && !name.starts_with("test_") && !name.ends_with("_test.py") &&
         name != "tests.py" && name != "conftest.py";
}

class Search {
public:
  explicit Search(const std::vector<std::string>& words) : words_(words) {}

  SourceFiles run(const std::vector<std::string>& folders) {
    for (const auto& folder : folders) {
      std::error_code unreadable;
      const auto real = fs::weakly_canonical(folder, unreadable);
      if (!real.empty() && real != real.root_path()) {
        look_into(real, 0);
      }
    }
    std::sort(found_.files.begin(), found_.files.end());
    return std::move(found_);
  }

private:
  void look_into(const fs::path& folder, int depth) {
    if (depth > deepest || !seen_.insert(folder.string()).second) {
      return;
    }
    std::error_code ignored;
    for (const auto& entry :
         fs::directory_iterator(folder, fs::directory_options::skip_permission_denied, ignored)) {
      if (!found_.not_read.empty()) {
        return;
      }
      std::error_code unreadable;
      if (entry.is_symlink(unreadable)) {
        continue;
      }
      if (entry.is_directory(unreadable)) {
        if (!is_skipped_folder(entry.path())) {
          look_into(entry.path(), depth + 1);
        }
      } else if (is_source(entry.path())) {
        look_at(entry.path());
      }
    }
  }

  void look_at(const fs::path& file) {
    if (++number_ > most_files) {
      found_.not_read = fmt::format("there are more than {} files", most_files);
    } else if (number_ % 256 == 0 && seconds_since(began_) > longest) {
      found_.not_read = fmt::format("it takes longer than {} seconds", longest);
    }
    std::string text;
    try {
      text = read_file(file.string(), largest_file);
    } catch (const Error&) {
      return; // nobody writes such a file by hand
    }
    const bool speaks = std::any_of(words_.begin(), words_.end(), [&](const std::string& word) {
      return text.find(word) != std::string::npos;
    });
    if (speaks) {
      found_.files.push_back(file.string());
    }
  }

  const std::vector<std::string>& words_;
  SourceFiles found_;
  std::set<std::string> seen_;
  std::size_t number_ = 0;
  Clock::time_point began_ = Clock::now();
};

} // namespace

SourceFiles find_source_files(const std::vector<std::string>& folders,
                              const std::vector<std::string>& words) {
  return Search(words).run(folders);
}

} // namespace pgtool
