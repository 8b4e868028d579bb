#include "base/capture.hpp"

#include "base/clock.hpp"
#include "base/descriptor.hpp"
#include "base/signals.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace pgtool {
namespace {

/// A child that is killed and reaped when nobody waits for it any more.
class Helper {
public:
  explicit Helper(pid_t pid) : pid_(pid) {}
  Helper(const Helper&) = delete;
  Helper& operator=(const Helper&) = delete;
  ~Helper() {
    if (pid_ > 0) {
      kill(pid_, SIGKILL);
      wait();
    }
  }

  bool succeeded() { return wait() == 0; }

private:
  int wait() {
    int status = -1;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return status;
  }

  pid_t pid_;
};

[[noreturn]] void become(char* const* argv, const char* dir, int output) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGCHLD, SIGPIPE}) {
    std::signal(number, SIG_DFL);
  }
  const int nothing = open("/dev/null", O_RDWR);
  dup2(nothing, STDIN_FILENO);
  dup2(output, STDOUT_FILENO);
  dup2(nothing, STDERR_FILENO);
  if (chdir(dir) == 0) {
    execvp(argv[0], argv);
  }
  _exit(127);
}

/// Reads to the end; false when the time is up first.
bool read_all(int descriptor, Clock::time_point deadline, std::string& text) {
  std::array<char, 4096> chunk{};
  while (true) {
    throw_if_interrupted();
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    std::array<pollfd, 2> watches{{{descriptor, POLLIN, 0}, {signal_descriptor(), POLLIN, 0}}};
    if (left <= 0) {
      return false;
    }
    poll(watches.data(), watches.size(), static_cast<int>(left));
    if (watches[0].revents == 0) {
      continue;
    }
    const auto got = read(descriptor, chunk.data(), chunk.size());
    if (got == 0 || (got < 0 && errno != EINTR)) {
      return got == 0;
    }
    text.append(chunk.data(), static_cast<std::size_t>(got > 0 ? got : 0));
  }
}

} // namespace

std::optional<std::string> captured_output(const std::vector<std::string>& argv,
                                           const std::string& dir, double seconds) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    return std::nullopt;
  }
  const Descriptor ours(ends[0]);
  Descriptor theirs(ends[1]);
  std::vector<char*> words;
  for (const auto& word : argv) {
    words.push_back(const_cast<char*>(word.c_str()));
  }
  words.push_back(nullptr);
  const auto deadline = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                           std::chrono::duration<double>(seconds));
  const pid_t pid = fork();
  if (pid == 0) {
    become(words.data(), dir.c_str(), theirs.number());
  }
  theirs.reset();
  Helper helper(pid);
  std::string text;
  if (pid < 0 || !read_all(ours.number(), deadline, text) || !helper.succeeded()) {
    return std::nullopt;
  }
  text.erase(text.find_last_not_of("\r\n") + 1);
  return text;
}

} // namespace pgtool
