#include "base/process.hpp"

#include "base/descriptor.hpp"
#include "base/error.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace pgtool {
namespace {

std::vector<char*> pointers(const std::vector<std::string>& argv) {
  std::vector<char*> raw;
  for (const auto& word : argv) {
    raw.push_back(const_cast<char*>(word.c_str()));
  }
  raw.push_back(nullptr);
  return raw;
}

/// The controlling terminal; -1 without one.
int controlling_terminal() {
  for (const int number : {STDIN_FILENO, STDERR_FILENO, STDOUT_FILENO}) {
    if (isatty(number) != 0 && tcgetpgrp(number) > 0) {
      return number;
    }
  }
  return -1;
}

bool is_foreground(int terminal, pid_t group) {
  return terminal >= 0 && tcgetpgrp(terminal) == group;
}

/// Changes the foreground group; SIGTTOU is blocked since we may be in the background by then.
void set_foreground(int terminal, pid_t group) {
  sigset_t block;
  sigset_t before;
  sigemptyset(&block);
  sigaddset(&block, SIGTTOU);
  sigprocmask(SIG_BLOCK, &block, &before);
  tcsetpgrp(terminal, group);
  sigprocmask(SIG_SETMASK, &before, nullptr);
}

void restore_signal_defaults() {
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGCHLD, SIGPIPE}) {
    std::signal(number, SIG_DFL);
  }
}

struct Prepared {
  std::vector<char*> argv;
  const char* dir;
  int terminal;
  pid_t parent;
};

[[noreturn]] void become(const Launch& launch, const Prepared& prepared, int error_pipe) {
  setpgid(0, 0);
  if (prepared.terminal >= 0) {
    set_foreground(prepared.terminal, getpid());
  }
  restore_signal_defaults();
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != prepared.parent) {
    _exit(126);
  }
  if (launch.inherited >= 0) {
    fcntl(launch.inherited, F_SETFD, 0);
  }
  if (launch.stdout_to_stderr) {
    dup2(STDERR_FILENO, STDOUT_FILENO);
  }
  if (launch.drops_stdout) {
    dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDOUT_FILENO);
  }
  if (launch.output >= 0) {
    dup2(open("/dev/null", O_RDONLY | O_CLOEXEC), STDIN_FILENO);
    dup2(launch.output, STDOUT_FILENO);
    dup2(launch.output, STDERR_FILENO);
  }
  for (const auto& name : launch.hidden) {
    unsetenv(name.c_str());
  }
  for (const auto& [name, value] : launch.variables) {
    setenv(name.c_str(), value.c_str(), 1);
  }
  if (prepared.dir == nullptr || chdir(prepared.dir) == 0) {
    execvp(prepared.argv[0], prepared.argv.data());
  }
  const int code = errno;
  [[maybe_unused]] const auto written = write(error_pipe, &code, sizeof code);
  _exit(127);
}

/// The errno of a failed exec, or 0: the pipe closes by itself when exec succeeds.
int exec_error(int pipe_end) {
  int code = 0;
  ssize_t got = 0;
  do {
    got = read(pipe_end, &code, sizeof code);
  } while (got < 0 && errno == EINTR);
  return got == sizeof code ? code : 0;
}

} // namespace

void become_program(const std::vector<std::string>& argv,
                    const std::vector<std::pair<std::string, std::string>>& variables,
                    const std::vector<std::string>& removed) {
  for (const auto& name : removed) {
    unsetenv(name.c_str());
  }
  for (const auto& [name, value] : variables) {
    setenv(name.c_str(), value.c_str(), 1);
  }
  std::signal(SIGPIPE, SIG_DFL); // what is ignored stays so, what is caught does not
  execvp(argv.front().c_str(), pointers(argv).data());
  const std::string reason = std::strerror(errno);
  throw Error(Failure::usage, argv.front() + " could not be started: " + reason,
              "name a program by its path, or one that is on PATH");
}

Child::Child(const Launch& launch)
    : terminal_(controlling_terminal()), signal_group_(launch.signal_group) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw Error(Failure::unknown, std::string("no pipe could be made: ") + std::strerror(errno));
  }
  const Descriptor read_end(ends[0]);
  Descriptor write_end(ends[1]);
  const Prepared prepared{pointers(launch.argv), launch.dir.empty() ? nullptr : launch.dir.c_str(),
                          is_foreground(terminal_, getpgrp()) ? terminal_ : -1, getpid()};
  pid_ = fork();
  if (pid_ == 0) {
    become(launch, prepared, write_end.number());
  }
  if (pid_ < 0) {
    throw Error(Failure::unknown, std::string("no process could be made: ") + std::strerror(errno));
  }
  setpgid(pid_, pid_);
  give_terminal();
  write_end.reset();
  if (const int code = exec_error(read_end.number()); code != 0) {
    wait_exit();
    throw Error(Failure::usage,
                launch.argv.front() + " could not be started: " + std::strerror(code),
                "name the interpreter with --python, or the command with --manage");
  }
}

Child::~Child() {
  if (pid_ < 0) {
    return;
  }
  killpg(pid_, SIGTERM);
  for (int tries = 0; tries < 200; ++tries) {
    if (reap(WNOHANG)) {
      return;
    }
    poll(nullptr, 0, 10);
  }
  killpg(pid_, SIGKILL);
  reap(0);
}

void Child::send(int number) const {
  if (pid_ > 0) {
    kill(signal_group_ ? -pid_ : pid_, number);
  }
}

/// Our whole group stops, as Ctrl-Z does it: a shell takes a script or a pipeline for stopped only
/// when none of it runs on. SIGTSTP, for without a shell that could continue us nothing may stop.
void Child::stop_with_child() const {
  take_terminal();
  kill(0, SIGTSTP);
  give_terminal();
  killpg(pid_, SIGCONT);
}

std::optional<int> Child::poll_exit() { return reap(WNOHANG | WUNTRACED); }

int Child::wait_exit() {
  while (true) {
    if (const auto status = reap(WUNTRACED)) {
      return *status;
    }
  }
}

std::optional<int> Child::reap(int options) {
  int status = 0;
  const pid_t got = waitpid(pid_, &status, options);
  if (got != pid_) {
    return got < 0 && errno == ECHILD ? std::optional(127) : std::nullopt;
  }
  if (WIFSTOPPED(status)) {
    stop_with_child();
    return std::nullopt;
  }
  take_terminal();
  pid_ = -1;
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

void Child::take_terminal() const {
  if (is_foreground(terminal_, pid_)) {
    set_foreground(terminal_, getpgrp());
  }
}

void Child::give_terminal() const {
  if (is_foreground(terminal_, getpgrp())) { // not after `bg`: then it is the shell's
    set_foreground(terminal_, pid_);
  }
}

} // namespace pgtool
