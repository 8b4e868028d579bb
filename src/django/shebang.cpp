#include "django/shebang.hpp"

#include "base/descriptor.hpp"
#include "base/error.hpp"
#include "base/shell_words.hpp"
#include "base/text.hpp"
#include "django/programs.hpp"

#include <array>
#include <fcntl.h>
#include <filesystem>
#include <string_view>
#include <unistd.h>

namespace pgtool {
namespace {

namespace fs = std::filesystem;

/// The first lines; entry points may be archives of many megabytes.
std::string beginning(const std::string& script) {
  const Descriptor file(open(script.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  std::array<char, 4096> buffer{};
  const auto got = file.is_open() ? read(file.number(), buffer.data(), buffer.size()) : 0;
  return got > 0 ? std::string(buffer.data(), static_cast<std::size_t>(got)) : std::string();
}

std::optional<Shebang> from_words(std::vector<std::string> words) {
  const bool by_env = !words.empty() && fs::path(words.front()).filename() == "env";
  if (by_env) {
    words.erase(words.begin());
    if (!words.empty() && (words.front() == "-S" || words.front() == "--split-string")) {
      words.erase(words.begin());
    }
  }
  if (words.empty() || !is_python_name(words.front())) {
    return std::nullopt;
  }
  return Shebang{words.front(), {words.begin() + 1, words.end()}};
}

/// `'''exec' "/path/python" "$0" "$@"`, which is a string to Python; or, where the environment may
/// be moved, `'''exec' "$(dirname -- "$(realpath -- "$0")")"/'python' "$0" "$@"`.
std::optional<Shebang> from_exec_line(std::string_view line, const std::string& script) {
  constexpr std::string_view start = "'''exec' ";
  if (!line.starts_with(start)) {
    return std::nullopt;
  }
  line.remove_prefix(start.size());
  if (line.starts_with("\"$(dirname")) {
    const auto name = line.find("/'");
    const auto end = line.find('\'', name + 2);
    if (name == std::string_view::npos || end == std::string_view::npos) {
      return std::nullopt;
    }
    std::error_code ignored;
    const auto folder = fs::canonical(script, ignored).parent_path();
    return Shebang{(folder / line.substr(name + 2, end - name - 2)).string(), {}};
  }
  try {
    auto words = split_shell_words(line, script);
    while (!words.empty() && words.back().starts_with("$")) {
      words.pop_back();
    }
    return from_words(std::move(words));
  } catch (const Error&) {
    return std::nullopt;
  }
}

} // namespace

std::optional<Shebang> read_shebang(const std::string& script) {
  const auto lines = split(beginning(script), '\n');
  if (!lines.front().starts_with("#!")) {
    return std::nullopt;
  }
  if (auto found = from_words(split_words(std::string_view(lines.front()).substr(2)))) {
    return found;
  }
  return lines.size() > 1 ? from_exec_line(lines[1], script) : std::nullopt;
}

} // namespace pgtool
