#include "base/kept_files.hpp"

#include "base/error.hpp"
#include "base/file_state.hpp"
#include "base/write_all.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pgtool {
namespace {

constexpr mode_t folder_mode = 0700;
constexpr mode_t file_mode = 0600;
constexpr mode_t by_others = 022;
constexpr std::size_t largest = 64U << 20;
constexpr std::string_view unfinished = ".new-";
constexpr time_t longest_write = 3600; // seconds; older ones were left by a run that was killed

bool is_ours_alone(const struct stat& info) {
  return info.st_uid == geteuid() && (info.st_mode & by_others) == 0;
}

std::string variable(const Environment& environment, std::string_view name) {
  const auto found = environment.find(name);
  const bool absolute = found != environment.end() && found->second.starts_with('/');
  return absolute ? found->second : std::string();
}

std::string all_of(int file, std::size_t size) {
  std::string text(size, '\0');
  std::size_t have = 0;
  while (have < size) {
    const auto got = ::read(file, text.data() + have, size - have);
    if (got <= 0) {
      break;
    }
    have += static_cast<std::size_t>(got);
  }
  text.resize(have);
  return text;
}

} // namespace

KeptFiles::KeptFiles(const Environment& environment, const std::string& name) {
  const auto cache = variable(environment, "XDG_CACHE_HOME");
  path_ = cache.empty() ? variable(environment, "HOME") : cache;
  if (path_.empty()) {
    refusal_ = "neither HOME nor XDG_CACHE_HOME names a folder";
    return;
  }
  if (!cache.empty() && state_of_file(cache).kind == FileKind::absent) {
    (void)mkdir(cache.c_str(), folder_mode);
  }
  // The user's own may be a link: to another disk, say.
  folder_ = Descriptor(open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  struct stat info {};
  if (!folder_.is_open() || fstat(folder_.number(), &info) != 0) {
    refusal_ = fmt::format("{} cannot be opened: {}", path_, std::strerror(errno));
  } else if (info.st_uid != geteuid()) {
    refusal_ =
        path_ + " belongs to somebody else"; // with sudo: what we make there, they could not use
  } else if ((!cache.empty() || enter(".cache", true)) && enter("pgtool", false)) {
    (void)enter(name.c_str(), false);
  }
}

bool KeptFiles::enter(const char* name, bool may_be_link) {
  path_ += std::string("/") + name;
  const int links = may_be_link ? 0 : O_NOFOLLOW;
  (void)mkdirat(folder_.number(), name, folder_mode);
  Descriptor inner(openat(folder_.number(), name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | links));
  struct stat info {};
  if (!inner.is_open() || fstat(inner.number(), &info) != 0) {
    refusal_ = fmt::format("{} cannot be opened: {}", path_, std::strerror(errno));
  } else if (may_be_link ? info.st_uid != geteuid() : !is_ours_alone(info)) {
    refusal_ = path_ + " belongs to somebody else, or others may write to it";
  }
  folder_ = std::move(inner);
  return refusal_.empty();
}

std::optional<std::string> KeptFiles::read(const std::string& name) const {
  if (!refusal_.empty()) {
    return std::nullopt;
  }
  const Descriptor file(
      openat(folder_.number(), name.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat info {};
  if (!file.is_open() || fstat(file.number(), &info) != 0 || !S_ISREG(info.st_mode) ||
      !is_ours_alone(info) || static_cast<std::size_t>(info.st_size) > largest) {
    return std::nullopt;
  }
  const std::array<timespec, 2> now{timespec{0, UTIME_NOW}, timespec{0, UTIME_NOW}};
  (void)futimens(file.number(), now.data()); // on a disk that cannot be written it only gets old
  return all_of(file.number(), static_cast<std::size_t>(info.st_size));
}

bool KeptFiles::write(const std::string& name, std::string_view text) const {
  if (!refusal_.empty() || text.size() > largest) {
    return false;
  }
  const auto draft = fmt::format("{}{}-{}", unfinished, getpid(), name);
  const Descriptor file(openat(folder_.number(), draft.c_str(),
                               O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, file_mode));
  if (!file.is_open()) {
    return false;
  }
  try {
    write_all(file.number(), text);
  } catch (const Error&) {
    (void)unlinkat(folder_.number(), draft.c_str(), 0);
    return false;
  }
  if (renameat(folder_.number(), draft.c_str(), folder_.number(), name.c_str()) != 0) {
    (void)unlinkat(folder_.number(), draft.c_str(), 0);
    return false;
  }
  return true;
}

std::vector<std::string> KeptFiles::names() const {
  return refusal_.empty() ? names_in_folder(path_).value_or(std::vector<std::string>{})
                          : std::vector<std::string>{};
}

void KeptFiles::keep_at_most(std::size_t files, std::uintmax_t bytes) const {
  struct Kept {
    std::int64_t used;
    std::uintmax_t size;
    std::string name;
  };
  std::vector<Kept> kept;
  for (const auto& name : names()) {
    struct stat info {};
    if (fstatat(folder_.number(), name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) {
      continue;
    }
    if (name.starts_with(unfinished)) {
      if (time(nullptr) - info.st_mtime > longest_write) {
        (void)unlinkat(folder_.number(), name.c_str(), 0);
      }
      continue;
    }
    kept.push_back({info.st_mtime, static_cast<std::uintmax_t>(info.st_size), name});
  }
  std::sort(kept.begin(), kept.end(),
            [](const Kept& one, const Kept& other) { return one.used > other.used; });
  std::uintmax_t sum = 0;
  for (std::size_t at = 0; at < kept.size(); ++at) {
    sum += kept[at].size;
    if (at >= files || sum > bytes) {
      (void)unlinkat(folder_.number(), kept[at].name.c_str(), 0);
    }
  }
}

} // namespace pgtool
