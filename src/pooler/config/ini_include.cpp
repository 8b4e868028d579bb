#include "pooler/config/ini_include.hpp"

#include <algorithm>
#include <filesystem>
#include <vector>

namespace pgtool {
namespace {

std::vector<std::string> candidates(std::string_view name, const std::string& first_file,
                                    const std::string& including) {
  using std::filesystem::path;
  std::vector<std::string> found;
  for (const auto& folder :
       {path(first_file).parent_path(), path(including).parent_path(), path()}) {
    auto candidate = (folder / name).lexically_normal().string();
    if (std::find(found.begin(), found.end(), candidate) == found.end()) {
      found.push_back(std::move(candidate));
    }
  }
  return found;
}

} // namespace

std::optional<FoundInclude> find_include(std::string_view name, const std::string& first_file,
                                         const std::string& including,
                                         const ReadInclude& read_include) {
  std::optional<FoundInclude> found;
  for (const auto& path : candidates(name, first_file, including)) {
    auto text = read_include(path);
    if (text && !found) {
      found = FoundInclude{path, std::move(*text), {}};
    } else if (text && found->rival.empty() && *text != found->text) {
      found->rival = path;
    }
  }
  return found;
}

} // namespace pgtool
