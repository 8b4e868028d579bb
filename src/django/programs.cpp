#include "django/programs.hpp"

#include "base/file.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <filesystem>

namespace pgtool {

std::string find_on_path(const std::string& program, const Environment& environment) {
  const auto path = environment.find("PATH");
  for (const auto& folder :
       split(path != environment.end() ? path->second : "/usr/local/bin:/usr/bin:/bin", ':')) {
    const auto candidate = (folder.empty() ? "." : folder) + "/" + program;
    if (is_executable(candidate)) {
      return candidate;
    }
  }
  return "";
}

bool is_python_name(const std::string& program) {
  const auto name = std::filesystem::path(program).filename().string();
  const std::size_t stem = name.starts_with("python") ? 6 : name.starts_with("pypy") ? 4 : 0;
  // python3.11-dbg is one, python_wrapper.sh is not.
  const auto end = std::min(name.find_first_not_of("0123456789.", stem), name.size());
  return stem > 0 && (end == name.size() || name[end] == '-') &&
         name.find('.', end) == std::string::npos;
}

} // namespace pgtool
