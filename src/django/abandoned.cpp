#include "django/abandoned.hpp"

#include "base/descriptor.hpp"

#include <cerrno>
#include <filesystem>
#include <string_view>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <vector>

namespace pgtool {
namespace {

namespace fs = std::filesystem;

/// As mkdtemp names them: "pgtool-" and six letters or digits.
bool has_name(std::string_view name) {
  constexpr std::string_view prefix = "pgtool-";
  return name.starts_with(prefix) && name.size() == prefix.size() + 6 &&
         name.find('-', prefix.size()) == std::string_view::npos;
}

bool is_ours(const fs::path& folder) {
  struct stat info {};
  return lstat(folder.c_str(), &info) == 0 && S_ISDIR(info.st_mode) && info.st_uid == geteuid();
}

bool refuses(const fs::path& path) {
  const Descriptor end(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (!end.is_open() || path.native().size() >= sizeof address.sun_path) {
    return false;
  }
  path.native().copy(address.sun_path, sizeof address.sun_path - 1);
  return connect(end.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 &&
         errno == ECONNREFUSED;
}

} // namespace

void remove_abandoned_meeting_points(const std::string& folder) {
  std::error_code ignored;
  std::vector<fs::path> abandoned;
  for (const auto& entry :
       fs::directory_iterator(folder, fs::directory_options::skip_permission_denied, ignored)) {
    const auto& path = entry.path();
    if (has_name(path.filename().native()) && is_ours(path) && refuses(path / "socket")) {
      abandoned.push_back(path);
    }
  }
  for (const auto& path : abandoned) {
    fs::remove_all(path, ignored);
  }
}

} // namespace pgtool
