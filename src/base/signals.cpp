#include "base/signals.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace pgtool {
namespace {

// A signal handler may only reach what is global.
std::array<int, 2> self_pipe{-1, -1};

extern "C" void remember_signal(int number) {
  const int saved = errno;
  const auto byte = static_cast<unsigned char>(number);
  [[maybe_unused]] const auto written = write(self_pipe[1], &byte, 1);
  errno = saved;
}

} // namespace

void catch_signals() {
  if (self_pipe[0] >= 0 || pipe2(self_pipe.data(), O_CLOEXEC | O_NONBLOCK) != 0) {
    return;
  }
  struct sigaction action {};
  action.sa_handler = remember_signal;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGCHLD}) {
    struct sigaction before {};
    sigaction(number, nullptr, &before);
    // nohup and `&` in a script ask for a signal to be ignored: that stays so.
    if (number == SIGCHLD || before.sa_handler != SIG_IGN) {
      sigaction(number, &action, nullptr);
    }
  }
  std::signal(SIGPIPE, SIG_IGN);
}

int signal_descriptor() { return self_pipe[0]; }

std::vector<int> taken_signals() {
  std::vector<int> taken;
  unsigned char byte = 0;
  while (self_pipe[0] >= 0 && read(self_pipe[0], &byte, 1) == 1) {
    taken.push_back(byte);
  }
  return taken;
}

void throw_if_interrupted() {
  for (const int number : taken_signals()) {
    if (number != SIGCHLD) {
      throw Interrupted(number);
    }
  }
}

void wait_interruptibly(double seconds) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  for (;;) {
    const std::chrono::duration<double, std::milli> left =
        deadline - std::chrono::steady_clock::now();
    pollfd watch{signal_descriptor(), POLLIN, 0};
    const int got = poll(&watch, 1, std::max(0, static_cast<int>(left.count())));
    throw_if_interrupted();
    if (got == 0 || left.count() <= 0) {
      return; // a child that ended cuts no wait short
    }
  }
}

} // namespace pgtool
