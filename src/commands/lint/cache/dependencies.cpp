#include "commands/lint/cache/dependencies.hpp"

#include "base/file_state.hpp"
#include "base/shown_path.hpp"
#include "base/stable_hash.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fmt/core.h>
#include <unistd.h>

namespace pgtool {
namespace {

using Kind = Dependency::Kind;

constexpr std::string_view absent = "absent";
constexpr std::int64_t large = 4 << 20; // bytes: a map of the world is told by its size and time

std::string size_and_time(const FileState& state) {
  return fmt::format("{}@{}", state.size, state.modified);
}

std::string contents_now(const std::string& path) {
  const auto state = state_of_file(path);
  if (state.kind == FileKind::file && state.size > large) {
    return size_and_time(state);
  }
  const auto print = print_of_file(path);
  return print ? print->contents : std::string(state.kind == FileKind::absent ? absent : "other");
}

std::string package_now(const std::string& path) {
  return size_and_time(state_of_file(path)) + "=" + contents_now(path);
}

/// A package that was installed anew is the same when its contents are.
bool is_same_package(const std::string& path, const std::string& state) {
  const auto now = size_and_time(state_of_file(path));
  return state.starts_with(now + "=") || state.substr(state.find('=') + 1) == contents_now(path);
}

bool is_left_by_editor(std::string_view name) {
  const bool hidden = name.starts_with('.');
  constexpr std::size_t swap_end = 4; // ".swp"
  const bool is_swap =
      name.size() > swap_end && name.substr(name.size() - swap_end).starts_with(".sw");
  return name.ends_with('~') || (hidden && is_swap) || name.starts_with(".#") ||
         (name.starts_with('#') && name.ends_with('#')) ||
         name == "4913"; // with which vim tries whether it may write
}

/// What can be imported, or is told of a package: folders, and names with these ends.
bool is_module(std::string_view name) {
  constexpr auto ends = std::to_array<std::string_view>(
      {".py", ".so", ".dist-info", ".egg-info", ".egg", ".egg-link"});
  return name.find('.') == std::string_view::npos ||
         std::any_of(ends.begin(), ends.end(),
                     [name](std::string_view end) { return name.ends_with(end); });
}

std::string hash_of_names(const std::vector<std::string>& names, Kind kind) {
  StableHash hash;
  for (const auto& name : names) {
    const bool counts = name != "__pycache__" && !name.ends_with(".pyc") &&
                        !is_left_by_editor(name) && (kind == Kind::names || is_module(name));
    hash.add(counts ? name : std::string_view());
    hash.add(counts ? std::string_view("\0", 1) : std::string_view());
  }
  return hash.digits();
}

std::string names_now(const std::string& path, Kind kind) {
  const auto names = names_in_folder(path);
  return names ? hash_of_names(*names, kind) : std::string(absent);
}

std::string kind_now(const std::string& path, bool is_link) {
  switch (state_of_file(path, !is_link).kind) {
  case FileKind::absent:
    return std::string(absent);
  case FileKind::file:
    return "file";
  case FileKind::folder:
    return "folder";
  case FileKind::link:
    return "link:" + target_of_link(path);
  default:
    return "other";
  }
}

std::string real_path(const std::string& path) {
  std::error_code unreachable;
  return std::filesystem::weakly_canonical(path, unreachable).string();
}

std::string hostname_now() {
  constexpr std::size_t longest = 256;
  std::array<char, longest> name{};
  gethostname(name.data(), name.size() - 1);
  StableHash hash;
  hash.add(name.data());
  return hash.digits();
}

/// Takes what the bridge noticed and compares it with what is there now.
class Noticed {
public:
  NoticedDependencies take(const Value& answer) {
    for (const auto& words : answer["outside"].elements()) {
      doubt(words.text());
    }
    take_files(answer["files"], Kind::contents);
    take_files(answer["packages"], Kind::package);
    for (const auto& folder : answer["folders"].elements()) {
      take_folder(folder.elements());
    }
    for (const auto& name : answer["looked_for"].elements()) {
      const auto& parts = name.elements();
      const bool is_link = parts.at(1).truth();
      take(is_link ? Kind::link : Kind::looked_for, parts.at(0).text(), parts.at(2).text());
    }
    if (answer["hostname"].truth()) {
      add(Kind::hostname, "");
    }
    return std::move(noticed_);
  }

private:
  void doubt(const std::string& words) {
    noticed_.doubt = noticed_.doubt.empty() ? words : noticed_.doubt;
  }

  void add(Kind kind, const std::string& path) {
    noticed_.all.push_back({kind, path, state_now(kind, path)});
  }

  void take(Kind kind, const std::string& path, const std::string& then) {
    add(kind, path);
    if (noticed_.all.back().state != then) {
      doubt(shown_path(path) + " changed meanwhile");
    }
  }

  /// Its state must be what it was before the file was read: then we read the same.
  void take_files(const Value& files, Kind kind) {
    for (const auto& [path, then] : files.members()) {
      add(kind, path);
      const auto now = state_of_file(path);
      const auto& parts = then.elements();
      const bool is_same =
          parts.empty()
              ? now.kind != FileKind::file
              : now == FileState{FileKind::file, parts.at(0).number(), parts.at(1).number(),
                                 parts.at(2).number(), parts.at(3).number()};
      if (!is_same) {
        doubt(shown_path(path) + " changed meanwhile");
      }
    }
  }

  void take_folder(const Value::Array& parts) {
    const auto kind = parts.at(1).text() == "names" ? Kind::names : Kind::modules;
    std::vector<std::string> names;
    for (const auto& name : parts.at(2).elements()) {
      names.push_back(name.text());
    }
    std::sort(names.begin(), names.end()); // as bytes, which Python does not
    take(kind, parts.at(0).text(),
         parts.at(2).is_null() ? std::string(absent) : hash_of_names(names, kind));
  }

  NoticedDependencies noticed_;
};

} // namespace

std::string state_now(Kind kind, const std::string& path) {
  switch (kind) {
  case Kind::contents:
    return contents_now(path);
  case Kind::package:
    return package_now(path);
  case Kind::names:
  case Kind::modules:
    return names_now(path, kind);
  case Kind::looked_for:
  case Kind::link:
    return kind_now(path, kind == Kind::link);
  case Kind::real_path:
    return real_path(path);
  case Kind::hostname:
    return hostname_now();
  }
  return "";
}

NoticedDependencies noticed_dependencies(const Value& answer) { return Noticed().take(answer); }

std::optional<std::string> what_changed(const Dependencies& dependencies) {
  for (const auto& one : dependencies) {
    const bool is_same = one.kind == Kind::package ? is_same_package(one.path, one.state)
                                                   : one.state == state_now(one.kind, one.path);
    if (!is_same) {
      return one.kind == Kind::hostname ? "the name of this machine changed"
                                        : shown_path(one.path) + " changed";
    }
  }
  return std::nullopt;
}

std::string text_of(const Dependencies& dependencies) {
  std::string text;
  for (const auto& one : dependencies) {
    text += static_cast<char>(one.kind);
    (text += one.path) += '\0';
    (text += one.state) += '\0';
  }
  return text;
}

std::optional<Dependencies> dependencies_of(std::string_view text) {
  constexpr std::string_view kinds = "cpnmlkrh";
  Dependencies found;
  while (!text.empty()) {
    const auto path_end = text.find('\0');
    const auto end = path_end == std::string_view::npos ? path_end : text.find('\0', path_end + 1);
    if (end == std::string_view::npos || kinds.find(text.front()) == std::string_view::npos) {
      return std::nullopt;
    }
    found.push_back({static_cast<Kind>(text.front()), std::string(text.substr(1, path_end - 1)),
                     std::string(text.substr(path_end + 1, end - path_end - 1))});
    text.remove_prefix(end + 1);
  }
  return found;
}

} // namespace pgtool
