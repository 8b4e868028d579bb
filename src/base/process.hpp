#pragma once

#include <optional>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace pgtool {

/// How a child is started.
struct Launch {
  std::vector<std::string> argv;   ///< argv[0] is looked up on PATH
  std::string dir;                 ///< working directory; empty: ours
  int inherited = -1;              ///< one descriptor that survives the exec
  std::vector<std::string> hidden; ///< environment variables that the child must not inherit
  std::vector<std::pair<std::string, std::string>> variables; ///< that it gets besides ours
  bool stdout_to_stderr = false; ///< our stdout carries a machine format
  bool drops_stdout = false;
  int output = -1; ///< takes stdout and stderr, and stdin is empty; -1: they are ours
  /// Signals go to the whole group: a shell does not pass on what it is sent.
  bool signal_group = false;
};

/// Replaces this process by a program of PATH, with these variables set and those removed. Throws
/// Error(Failure::usage) when it cannot be run.
[[noreturn]] void become_program(const std::vector<std::string>& argv,
                                 const std::vector<std::pair<std::string, std::string>>& variables,
                                 const std::vector<std::string>& removed);

/// A running child in a process group of its own. On a terminal whose foreground is ours the
/// child's group becomes the foreground, so that Ctrl-C and typed answers reach it and it alone;
/// the terminal is taken back when it ends or stops. When pgtool dies the kernel kills the child.
class Child {
public:
  explicit Child(const Launch& launch);
  Child(Child&& other) noexcept
      : pid_(std::exchange(other.pid_, -1)), terminal_(other.terminal_),
        signal_group_(other.signal_group_) {}
  Child& operator=(Child&&) = delete;
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  /// Ends the whole group when it still runs: SIGTERM, then SIGKILL after two seconds.
  ~Child();

  [[nodiscard]] pid_t pid() const noexcept { return pid_; }
  /// Sends a signal to the child alone (its own children are its business), or to its group.
  void send(int number) const;
  /// The exit status when the child has ended (128 + n for a signal); passes a stop (Ctrl-Z) on to
  /// our own group and continues the child afterwards.
  std::optional<int> poll_exit();
  /// Waits for the end.
  int wait_exit();

private:
  std::optional<int> reap(int options);
  void stop_with_child() const;
  void take_terminal() const;
  void give_terminal() const;

  pid_t pid_ = -1;
  int terminal_ = -1; ///< the controlling terminal's descriptor
  bool signal_group_ = false;
};

} // namespace pgtool
