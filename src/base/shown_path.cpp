#include "base/shown_path.hpp"

#include <filesystem>

namespace pgtool {

std::string shown_path(const std::string& path) {
  std::error_code unreadable;
  const auto here = std::filesystem::current_path(unreadable);
  const auto relative = std::filesystem::path(path).lexically_proximate(here);
  const bool below = !relative.empty() && *relative.begin() != "..";
  return below ? relative.string() : path;
}

} // namespace pgtool
