#include "commands/schema_move/settings_lines.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fmt/core.h>

namespace pgtool {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t largest_file = 1U << 20;
constexpr std::string_view option = "search_path";

bool may_hold_secret(const std::string& line) {
  const auto text = lower(line);
  return text.find('@') != std::string::npos || text.find("password") != std::string::npos ||
         text.find("secret") != std::string::npos;
}

void replace_all(std::string& text, std::string_view what, std::string_view by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

std::vector<fs::path> settings_files(const fs::path& folder, const std::string& settings_module) {
  auto path = folder;
  for (const auto& part : split(settings_module, '.')) {
    path /= part;
  }
  std::vector<fs::path> files;
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) {
    for (const auto& entry : fs::directory_iterator(path, ignored)) {
      if (entry.path().extension() == ".py") {
        files.push_back(entry.path());
      }
    }
    std::sort(files.begin(), files.end());
  }
  files.push_back(path.string() + ".py");
  files.push_back(folder / ".env");
  return files;
}

void add_lines(const fs::path& file, std::vector<SettingsLine>& found) {
  std::error_code ignored;
  if (!fs::is_regular_file(file, ignored)) {
    return;
  }
  std::string text;
  try {
    text = read_file(file.string(), largest_file);
  } catch (const Error&) {
    return;
  }
  int number = 0;
  for (const auto& line : split(text, '\n')) {
    ++number;
    const auto at = line.find(option);
    const auto comment = line.find('#');
    if (at == std::string::npos || comment < at) {
      continue;
    }
    const bool hidden = may_hold_secret(line);
    found.push_back({file.lexically_normal().string(), number, hidden ? "" : line,
                     hidden ? "" : without_path_option(line)});
  }
}

} // namespace

std::string without_path_option(std::string_view line) {
  std::string rest(line);
  for (auto at = rest.find(option); at != std::string::npos; at = rest.find(option)) {
    auto begin = rest.find_last_of("'\" ", at);
    begin = begin == std::string::npos ? 0 : begin + 1;
    constexpr std::string_view flag = "-c ";
    if (begin >= flag.size() && rest.compare(begin - flag.size(), flag.size(), flag) == 0) {
      begin -= flag.size();
    }
    const auto end = std::min(rest.find_first_of("'\" ", at), rest.size());
    const bool space_behind = end < rest.size() && rest[end] == ' ';
    rest.erase(begin, end - begin + (space_behind ? 1 : 0));
  }
  for (const char quote : {'"', '\''}) {
    const std::string empty = fmt::format("{0}options{0}: {0}{0}", quote);
    replace_all(rest, empty + ", ", "");
    replace_all(rest, ", " + empty, "");
    replace_all(rest, empty, "");
  }
  const auto left = trim(rest);
  return left.empty() || left == "," ? "" : rest;
}

std::vector<SettingsLine> find_settings_lines(const std::string& folder,
                                              const std::string& settings_module) {
  std::vector<SettingsLine> found;
  for (const auto& file : settings_files(folder, settings_module)) {
    add_lines(file, found);
  }
  return found;
}

std::string diff_of(const std::vector<SettingsLine>& lines) {
  std::string diff;
  std::string file;
  for (const auto& line : lines) {
    if (line.text.empty()) {
      continue;
    }
    if (line.file != file) {
      file = line.file;
      diff += fmt::format("--- {0}\n+++ {0}\n", file);
    }
    diff += fmt::format("@@ -{0} +{1} @@\n-{2}\n", line.line,
                        line.without.empty() ? fmt::format("{},0", line.line - 1)
                                             : std::to_string(line.line),
                        line.text);
    diff += line.without.empty() ? "" : "+" + line.without + "\n";
  }
  return diff;
}

} // namespace pgtool
