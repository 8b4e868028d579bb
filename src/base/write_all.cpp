#include "base/write_all.hpp"

#include "base/error.hpp"

#include <cerrno>
#include <cstring>
#include <poll.h>
#include <string>
#include <unistd.h>

namespace pgtool {
namespace {

void wait_until_writable(int descriptor) {
  pollfd waiting{.fd = descriptor, .events = POLLOUT, .revents = 0};
  poll(&waiting, 1, -1);
}

} // namespace

void write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(descriptor, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      wait_until_writable(descriptor);
    } else if (errno == EPIPE || errno == EBADF) {
      return;
    } else if (errno != EINTR) {
      throw Error(Failure::unknown,
                  std::string("the result cannot be written: ") + std::strerror(errno));
    }
  }
}

} // namespace pgtool
