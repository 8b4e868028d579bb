#include "django/meeting_point.hpp"

#include "base/error.hpp"
#include "base/utf8.hpp"
#include "django/abandoned.hpp"
#include "django/bridge_sources.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <string_view>
#include <sys/socket.h>
#include <sys/un.h>
#include <utility>

namespace pgtool {
namespace {

[[noreturn]] void refuse(const std::string& what) {
  throw Error(Failure::unknown,
              "no " + what + " for the project's processes could be made: " + std::strerror(errno));
}

/// A colon would end the folder on PYTHONPATH, and the path of a socket must be short.
bool is_usable(std::string_view folder) {
  constexpr std::size_t longest = 80;
  return folder.starts_with('/') && folder.size() <= longest &&
         folder.find(':') == std::string_view::npos && replace_invalid_utf8(folder) == folder;
}

/// Below $TMPDIR where that can be used.
std::string new_folder() {
  const char* temporary = std::getenv("TMPDIR");
  const bool usable = temporary != nullptr && is_usable(temporary);
  std::string folder = std::string(usable ? temporary : "/tmp") + "/pgtool-XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) {
    refuse("folder below " + std::string(usable ? temporary : "/tmp"));
  }
  return folder;
}

/// The name appears when somebody listens: until then another pgtool could take it for abandoned.
Descriptor listen_at(const std::string& path) {
  const auto unfinished = path + ".new";
  Descriptor listener(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  unfinished.copy(address.sun_path, sizeof address.sun_path - 1);
  if (!listener.is_open() ||
      bind(listener.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(listener.number(), SOMAXCONN) != 0 || rename(unfinished.c_str(), path.c_str()) != 0) {
    refuse("socket at " + path);
  }
  return listener;
}

void write_file(const std::string& path, std::string_view text) {
  const Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (write(file.number(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    refuse("file " + path);
  }
}

} // namespace

MeetingPoint::MeetingPoint() : folder_(new_folder()) {
  remove_abandoned_meeting_points(folder_.substr(0, folder_.rfind('/')));
  try {
    listener_ = listen_at(socket_path());
    write_file(folder_ + "/sitecustomize.py", bridge_source("boot"));
  } catch (...) {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
    throw;
  }
}

MeetingPoint::MeetingPoint(MeetingPoint&& other) noexcept
    : folder_(std::exchange(other.folder_, {})), listener_(std::move(other.listener_)) {}

MeetingPoint::~MeetingPoint() {
  if (!folder_.empty()) {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
}

Descriptor MeetingPoint::accept() const {
  return Descriptor(accept4(listener_.number(), nullptr, nullptr, SOCK_CLOEXEC));
}

} // namespace pgtool
