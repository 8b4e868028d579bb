#include "base/file.hpp"

#include "base/descriptor.hpp"
#include "base/error.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pgtool {
namespace {

bool has_type(const std::string& path, mode_t type) {
  struct stat info {};
  return stat(path.c_str(), &info) == 0 && (info.st_mode & S_IFMT) == type;
}

} // namespace

std::string read_file(const std::string& path, std::size_t limit) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.is_open()) {
    throw Error(Failure::usage, path + " cannot be read: " + std::strerror(errno));
  }
  struct stat info {};
  if (fstat(file.number(), &info) != 0 || !S_ISREG(info.st_mode)) {
    throw Error(Failure::usage, path + " is not a regular file");
  }
  std::string text;
  std::array<char, 65536> buffer{};
  ssize_t got = 0;
  while ((got = read(file.number(), buffer.data(), buffer.size())) > 0) {
    text.append(buffer.data(), static_cast<std::size_t>(got));
    if (text.size() > limit) {
      throw Error(Failure::usage, path + " is larger than the " + std::to_string(limit) +
                                      " bytes expected at most");
    }
  }
  if (got < 0) {
    throw Error(Failure::usage, path + " cannot be read: " + std::strerror(errno));
  }
  return text;
}

bool is_file(const std::string& path) { return has_type(path, S_IFREG); }
bool is_folder(const std::string& path) { return has_type(path, S_IFDIR); }
bool is_executable(const std::string& path) {
  return is_file(path) && access(path.c_str(), X_OK) == 0;
}

} // namespace pgtool
