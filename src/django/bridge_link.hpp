#pragma once

#include "base/descriptor.hpp"
#include "base/value.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace pgtool {

/// The socket to one process of the project. Messages are JSON lines; see
/// django/bridge/channel.py for the other end.
class BridgeLink {
public:
  /// Sends `payload`, which the other end waits for before anything else.
  BridgeLink(Descriptor socket, int number, std::string_view payload);

  /// Which of the run's processes this is: 0 is the one that pgtool started.
  [[nodiscard]] int number() const noexcept { return number_; }
  [[nodiscard]] int descriptor() const noexcept { return socket_.number(); }
  /// False when the other end has closed; messages that came before may still be there.
  [[nodiscard]] bool is_open() const noexcept { return socket_.is_open(); }

  /// Reads what has arrived, without waiting.
  void receive();
  /// The oldest message that is complete.
  std::optional<Value> take();
  /// Sends one message. A process that is gone does not hear it; its end is seen elsewhere.
  void send(const Value& message);

private:
  Descriptor socket_;
  int number_;
  std::string buffer_;
  std::size_t taken_ = 0; ///< so much of it was handed out
};

} // namespace pgtool
