#pragma once

#include "base/process.hpp"
#include "base/value.hpp"
#include "django/bridge_link.hpp"
#include "django/meeting_point.hpp"
#include "django/project.hpp"

#include <chrono>
#include <memory>
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
  bool drops_stdout = false; ///< nobody wants to read what it prints there
  int output = -1;           ///< takes stdout and stderr, and stdin is empty; -1: they are ours
  std::vector<std::string> variables; ///< environment variables to be told
  Value watched;                      ///< for bridge/dependencies.py; null: nothing is watched
  std::vector<std::string> hidden;    ///< environment variables that are none of the project's
};

/// A message, and which process sent it.
struct BridgeMessage {
  int from = 0;
  Value body;
};

/// The project's own process with our launcher inside, every Python process that it starts, and
/// the sockets to them.
class Bridge {
public:
  explicit Bridge(const BridgeRequest& request);

  /// The next message of any process. Waits at most until the deadline; nothing then.
  std::optional<BridgeMessage> next(std::chrono::steady_clock::time_point deadline);
  /// The descriptors that become readable when there may be a message.
  [[nodiscard]] std::vector<int> descriptors() const;
  /// True while a process may still send something.
  [[nodiscard]] bool has_open_link() const;
  /// True while that process may.
  [[nodiscard]] bool is_linked(int number) const;

  /// Answers a message. A process that is gone does not hear it; its end is seen elsewhere.
  void reply(const BridgeMessage& to, Value answer);
  /// Sends to every process but number `but`.
  void send_to_all(const Value& message, int but = -1);

  Child& child() { return child_; }

private:
  void receive();
  std::optional<BridgeMessage> take();

  MeetingPoint meeting_;
  std::string payload_;
  std::vector<std::unique_ptr<BridgeLink>> links_;
  int last_number_ = 0;
  Child child_;
};

} // namespace pgtool
