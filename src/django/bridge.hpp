#pragma once

#include "base/descriptor.hpp"
#include "base/environment.hpp"
#include "base/process.hpp"
#include "base/value.hpp"
#include "django/project.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace pgtool {

/// What the Python side is to do.
struct BridgeRequest {
  EntryPoint entry;
  std::vector<std::string> arguments; ///< "migrate", …
  bool settings_only = false;         ///< stop as soon as the settings are known
  bool stdout_to_stderr = false;
  std::vector<std::string> variables; ///< environment variables to be told
  std::vector<std::string> hidden;    ///< environment variables that are none of the project's
};

/// The project's own process with our launcher inside, and the socket to it. Messages are JSON
/// lines; see django/bridge/channel.py for the other end.
class Bridge {
public:
  explicit Bridge(const BridgeRequest& request);

  /// The next message; nullopt at end of file. Waits at most until the deadline: a null Value then.
  std::optional<Value> next(std::chrono::steady_clock::time_point deadline);
  /// True when a whole message is already here, so that no descriptor would announce it.
  [[nodiscard]] bool has_message() const { return buffer_.find('\n') != std::string::npos; }
  [[nodiscard]] int descriptor() const { return socket_.number(); }

  /// Answers a message. A process that is gone does not hear it; its end is seen elsewhere.
  void reply(const Value& to, Value answer);
  void send(const Value& message);
  /// Closes our end: the Python side stops at once.
  void hang_up() { socket_.reset(); }

  Child& child() { return child_; }

private:
  struct Ends {
    Descriptor ours;
    Descriptor theirs;
  };
  static Ends make_ends();
  Bridge(const BridgeRequest& request, Ends ends);
  bool receive();

  Descriptor socket_;
  Child child_;
  std::string buffer_;
};

} // namespace pgtool
