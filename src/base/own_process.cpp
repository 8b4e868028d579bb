#include "base/own_process.hpp"

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/text.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

namespace pgtool {
namespace {

constexpr std::size_t longest_message = 128U << 10;

bool wait_readable(int descriptor, double seconds) {
  const auto deadline = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                           std::chrono::duration<double>(seconds));
  while (true) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    pollfd watch{descriptor, POLLIN, 0};
    const int got = poll(&watch, 1, left > 0 ? static_cast<int>(left) : 0);
    if (got > 0 || (got == 0 && left <= 0)) {
      return got > 0;
    }
  }
}

/// Only what may be called between fork and exec, since other threads may hold locks.
[[noreturn]] void become_own(char* const* argv, int channel) {
  setsid();
  const int nothing = open("/dev/null", O_RDWR);
  const int end = fcntl(channel, F_DUPFD, own_channel + 1);
  dup2(end, own_channel);
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    dup2(nothing, stream);
  }
  close_range(own_channel + 1, ~0U, 0);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  execve("/proc/self/exe", argv, environ);
  _exit(127);
}

} // namespace

bool Channel::send(const std::vector<std::string>& message) const {
  std::string text;
  for (const auto& part : message) {
    text.append(part).push_back('\0');
  }
  ssize_t sent = 0;
  do {
    sent = ::send(end_.number(), text.data(), text.size(), MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  return sent == static_cast<ssize_t>(text.size());
}

std::optional<std::vector<std::string>> Channel::receive(double seconds) {
  if (closed_ || !wait_readable(end_.number(), seconds)) {
    return std::nullopt;
  }
  std::string text(longest_message, '\0');
  ssize_t got = 0;
  do {
    got = recv(end_.number(), text.data(), text.size(), 0);
    // The reset says, once, that the other end left something unread; what it sent comes after.
  } while (got < 0 && (errno == EINTR || errno == ECONNRESET));
  if (got <= 0) {
    closed_ = true;
    return std::nullopt;
  }
  text.resize(static_cast<std::size_t>(got));
  auto parts = split(text, '\0');
  parts.pop_back(); // what stands after the last NUL
  return parts;
}

OwnProcess start_own_process(const std::string& word) {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    throw Error(Failure::unknown, std::string("no socket could be made: ") + std::strerror(errno));
  }
  Descriptor ours(ends[0]);
  const Descriptor theirs(ends[1]);
  std::string name = "pgtool";
  std::string only = word;
  std::array<char*, 3> argv{name.data(), only.data(), nullptr};
  const pid_t pid = fork();
  if (pid == 0) {
    become_own(argv.data(), theirs.number());
  }
  if (pid < 0) {
    throw Error(Failure::unknown, std::string("no process could be made: ") + std::strerror(errno));
  }
  return {pid, Channel(std::move(ours))};
}

std::optional<Channel> channel_to_starter() {
  int type = 0;
  socklen_t size = sizeof type;
  const bool known = getsockopt(own_channel, SOL_SOCKET, SO_TYPE, &type, &size) == 0;
  if (!known || type != SOCK_SEQPACKET) {
    return std::nullopt;
  }
  fcntl(own_channel, F_SETFD, FD_CLOEXEC);
  return Channel(Descriptor(own_channel));
}

} // namespace pgtool
