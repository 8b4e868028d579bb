#include "report/machine_style.hpp"

#include <filesystem>

namespace pgtool {

std::optional<std::string> path_in_tree(const std::string& file, const MachineStyle& style) {
  namespace fs = std::filesystem;
  if (file.empty() || file.find('\0') != std::string::npos) {
    return std::nullopt;
  }
  const fs::path path = (fs::path(style.folder) / file).lexically_normal();
  const fs::path seen = path.is_absolute() && !style.root.empty()
                            ? path.lexically_relative(fs::path(style.root).lexically_normal())
                            : path;
  const bool outside = seen.empty() || seen.is_absolute() || *seen.begin() == "..";
  return outside || seen == "." ? std::nullopt : std::optional(seen.generic_string());
}

std::string place_text(const Place& where) {
  std::string text = where.file;
  if (where.line > 0) {
    text += ":" + std::to_string(where.line);
  }
  if (!where.object.empty()) {
    text += (text.empty() ? "" : " ") + where.object;
  }
  return text;
}

} // namespace pgtool
