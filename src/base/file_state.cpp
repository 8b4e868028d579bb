#include "base/file_state.hpp"

#include "base/descriptor.hpp"
#include "base/stable_hash.hpp"

#include <algorithm>
#include <array>
#include <dirent.h>
#include <fcntl.h>
#include <filesystem>
#include <fmt/core.h>
#include <memory>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

namespace pgtool {
namespace {

FileKind kind_of(mode_t mode) {
  switch (mode & S_IFMT) {
  case S_IFREG:
    return FileKind::file;
  case S_IFDIR:
    return FileKind::folder;
  case S_IFLNK:
    return FileKind::link;
  default:
    return FileKind::other;
  }
}

std::int64_t nanoseconds(const timespec& time) {
  constexpr std::int64_t per_second = 1'000'000'000;
  return std::int64_t{time.tv_sec} * per_second + time.tv_nsec;
}

FileState state_of(const struct stat& info) {
  return {kind_of(info.st_mode), info.st_size, nanoseconds(info.st_mtim), nanoseconds(info.st_ctim),
          static_cast<std::int64_t>(info.st_ino)};
}

} // namespace

FileState state_of_file(const std::string& path, bool follows_links) {
  struct stat info {};
  const int failed = follows_links ? stat(path.c_str(), &info) : lstat(path.c_str(), &info);
  return failed != 0 ? FileState{} : state_of(info);
}

std::optional<FilePrint> print_of_file(const std::string& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat info {};
  if (!file.is_open() || fstat(file.number(), &info) != 0 || !S_ISREG(info.st_mode)) {
    return std::nullopt;
  }
  StableHash hash;
  std::array<char, 65536> buffer; // NOLINT: read() fills it
  std::size_t size = 0;
  for (ssize_t got = 0; (got = read(file.number(), buffer.data(), buffer.size())) != 0;) {
    if (got < 0) {
      return std::nullopt;
    }
    hash.add({buffer.data(), static_cast<std::size_t>(got)});
    size += static_cast<std::size_t>(got);
  }
  return FilePrint{fmt::format("{}:{}", size, hash.digits()), state_of(info)};
}

std::optional<std::vector<std::string>> names_in_folder(const std::string& path) {
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(opendir(path.c_str()), closedir);
  if (!folder) {
    return std::nullopt;
  }
  std::vector<std::string> names;
  while (const auto* entry = readdir(folder.get())) {
    const std::string_view name(static_cast<const char*>(entry->d_name));
    if (name != "." && name != "..") {
      names.emplace_back(name);
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string target_of_link(const std::string& path) {
  std::error_code none;
  return std::filesystem::read_symlink(path, none).string();
}

} // namespace pgtool
