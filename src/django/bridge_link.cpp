#include "django/bridge_link.hpp"

#include "base/json.hpp"

#include <array>
#include <cerrno>
#include <sys/socket.h>
#include <utility>

namespace pgtool {
namespace {

void write_all(int socket, std::string_view text) {
  while (!text.empty()) {
    const auto sent = ::send(socket, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno != EINTR) {
      return;
    }
    text.remove_prefix(sent > 0 ? static_cast<std::size_t>(sent) : 0);
  }
}

} // namespace

BridgeLink::BridgeLink(Descriptor socket, int number, std::string_view payload)
    : socket_(std::move(socket)), number_(number) {
  write_all(socket_.number(), payload);
}

void BridgeLink::receive() {
  std::array<char, 65536> chunk{};
  // Not for as long as something comes: other processes have things to say, too.
  for (int reads = 0; reads < 64 && socket_.is_open(); ++reads) {
    const auto got = recv(socket_.number(), chunk.data(), chunk.size(), MSG_DONTWAIT);
    if (got > 0) {
      buffer_.append(chunk.data(), static_cast<std::size_t>(got));
    } else if (got == 0 || (errno != EINTR && errno != EAGAIN)) {
      socket_.reset();
    } else if (errno == EAGAIN) {
      return;
    }
  }
}

std::optional<Value> BridgeLink::take() {
  const auto end = buffer_.find('\n', taken_);
  if (end == std::string::npos) {
    buffer_.erase(0, std::exchange(taken_, 0));
    return std::nullopt;
  }
  const auto line = buffer_.substr(taken_, end - taken_);
  taken_ = end + 1;
  return parse_json(line, "a message of the project's process");
}

void BridgeLink::send(const Value& message) {
  write_all(socket_.number(), dump_json(message) + "\n");
}

} // namespace pgtool
