#include "base/result_sink.hpp"

#include "base/error.hpp"
#include "base/write_all.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

namespace pgtool {
namespace {

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
  throw Error(Failure::usage, "the output file " + path + " cannot be written: " + why,
              "name a file in a folder that is there and writable");
}

/// Devices and pipes take what is written; a file that is renamed over them would replace them.
bool is_special(const std::string& path) {
  struct stat info {};
  return stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode);
}

/// Those of the file that is replaced, or else what a new file may have at most, less the umask.
mode_t rights_of(const std::string& path, mode_t at_most) {
  struct stat info {};
  if (stat(path.c_str(), &info) == 0) {
    return info.st_mode & 07777;
  }
  const mode_t mask = umask(0);
  umask(mask);
  return at_most & ~mask;
}

/// Whoever reads the file that is replaced must be able to read the new one. Only root can give
/// files away; for others the owner is their own, or the file stays theirs.
void keep_owner(const std::string& path, int descriptor) {
  struct stat info {};
  if (stat(path.c_str(), &info) == 0 && fchown(descriptor, info.st_uid, info.st_gid) != 0) {
    return;
  }
}

} // namespace

ResultSink::ResultSink(const std::string& path, bool holds_secret)
    : target_(path), new_rights_(holds_secret ? 0600 : 0666) {
  if (target_.empty()) {
    return;
  }
  std::error_code not_there;
  // A link is followed: the file it names is replaced, not the link.
  const auto real = std::filesystem::weakly_canonical(path, not_there);
  target_ = not_there || real.empty() ? path : real.string();
  if (is_special(target_)) {
    descriptor_ = open(target_.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
  } else {
    unfinished_ = target_ + ".XXXXXX";
    descriptor_ = mkostemp(unfinished_.data(), O_CLOEXEC);
  }
  if (descriptor_ < 0) {
    unfinished_.clear();
    refuse(path, std::strerror(errno));
  }
}

ResultSink::~ResultSink() {
  if (descriptor_ >= 0) {
    close(descriptor_);
  }
  if (!unfinished_.empty()) {
    unlink(unfinished_.c_str());
  }
}

void ResultSink::write(std::string_view result) {
  if (target_.empty()) {
    write_all(STDOUT_FILENO, result);
    return;
  }
  write_all(descriptor_, result);
  if (unfinished_.empty()) {
    return;
  }
  keep_owner(target_, descriptor_);
  if (fchmod(descriptor_, rights_of(target_, new_rights_)) != 0 || fsync(descriptor_) != 0 ||
      rename(unfinished_.c_str(), target_.c_str()) != 0) {
    throw Error(Failure::unknown, target_ + " cannot be written: " + std::strerror(errno));
  }
  unfinished_.clear();
}

} // namespace pgtool
