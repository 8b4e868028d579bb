#pragma once

#include "base/descriptor.hpp"

#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace pgtool {

/// A channel between two processes that keeps messages apart: each is a list of strings without NUL
/// bytes. What one end sent before it closed can still be read.
class Channel {
public:
  explicit Channel(Descriptor end) : end_(std::move(end)) {}

  /// False when the other end is gone.
  bool send(const std::vector<std::string>& message) const;
  /// The next message, waiting at most `seconds` for it: nullopt when none came in time, and for
  /// ever once closed(). Signals do not end the wait.
  std::optional<std::vector<std::string>> receive(double seconds);
  [[nodiscard]] bool closed() const noexcept { return closed_; }
  /// Becomes readable with a message, and when the other end closes.
  [[nodiscard]] int descriptor() const noexcept { return end_.number(); }
  void close() { end_.reset(); }

private:
  Descriptor end_;
  bool closed_ = false;
};

/// A process of this same program that outlives us.
struct OwnProcess {
  pid_t pid;
  Channel channel;
};

/// Starts this program anew with that one word, in a session of its own: no signal of the terminal
/// reaches it and our death does not end it. It has the null device as its three streams, the
/// channel's other end as descriptor `own_channel`, and no other. Throws Error(Failure::unknown).
OwnProcess start_own_process(const std::string& word);

constexpr int own_channel = 3;

/// In such a process: the channel to the one that started it; nullopt where nobody did.
std::optional<Channel> channel_to_starter();

} // namespace pgtool
