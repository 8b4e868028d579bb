#pragma once

#include <cstddef>
#include <sys/ioctl.h>

namespace pgtool {

/// How many bytes wait to be read from a socket. libpq keeps no count of what it reads, so whoever
/// wants a limit asks before each read.
inline std::size_t unread_bytes(int socket) {
  int waiting = 0;
  return ioctl(socket, FIONREAD, &waiting) == 0 && waiting > 0 ? static_cast<std::size_t>(waiting)
                                                               : 0;
}

} // namespace pgtool
