#include "django/bridge.hpp"

#include "base/error.hpp"
#include "base/json.hpp"
#include "django/bridge_sources.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <poll.h>
#include <string_view>
#include <sys/socket.h>

namespace pgtool {
namespace {

std::string_view boot_program() {
  for (const auto& source : bridge_sources()) {
    if (std::string_view(source.name) == "boot") {
      return source.text;
    }
  }
  throw Error(Failure::internal, "the bridge's boot program is missing");
}

Launch launch_of(const BridgeRequest& request, int socket) {
  Launch launch;
  launch.argv = {request.entry.python, "-c", std::string(boot_program()), std::to_string(socket)};
  launch.argv.insert(launch.argv.end(), request.entry.command.begin(), request.entry.command.end());
  launch.argv.insert(launch.argv.end(), request.arguments.begin(), request.arguments.end());
  launch.dir = request.entry.dir;
  launch.inherited = socket;
  launch.hidden = request.hidden;
  launch.stdout_to_stderr = request.stdout_to_stderr;
  return launch;
}

Child start(const BridgeRequest& request, Descriptor theirs) {
  return Child(launch_of(request, theirs.number()));
}

std::string payload(const BridgeRequest& request) {
  Value modules = Value::object();
  for (const auto& source : bridge_sources()) {
    modules.set(source.name, source.text);
  }
  Value variables = Value::array();
  for (const auto& name : request.variables) {
    variables.add(name);
  }
  const auto text = dump_json(
      Value::object({{"modules", modules},
                     {"config", Value::object({{"mode", request.settings_only ? "settings" : "run"},
                                               {"environment", variables}})}}));
  return std::to_string(text.size()) + "\n" + text;
}

void write_all(int socket, std::string_view text) {
  while (!text.empty()) {
    const auto sent = ::send(socket, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno != EINTR) {
      return; // the other end is gone, which next() and the child's status will tell
    }
    text.remove_prefix(sent > 0 ? static_cast<std::size_t>(sent) : 0);
  }
}

} // namespace

Bridge::Ends Bridge::make_ends() {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    throw Error(Failure::unknown, std::string("no socket pair: ") + std::strerror(errno));
  }
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

Bridge::Bridge(const BridgeRequest& request) : Bridge(request, make_ends()) {}

Bridge::Bridge(const BridgeRequest& request, Ends ends)
    : socket_(std::move(ends.ours)), child_(start(request, std::move(ends.theirs))) {
  write_all(socket_.number(), payload(request));
}

bool Bridge::receive() {
  std::array<char, 65536> chunk{};
  ssize_t got = 0;
  do {
    got = recv(socket_.number(), chunk.data(), chunk.size(), 0);
  } while (got < 0 && errno == EINTR);
  if (got > 0) {
    buffer_.append(chunk.data(), static_cast<std::size_t>(got));
  }
  return got > 0;
}

std::optional<Value> Bridge::next(std::chrono::steady_clock::time_point deadline) {
  while (!has_message()) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
                          deadline - std::chrono::steady_clock::now())
                          .count();
    pollfd watch{socket_.number(), POLLIN, 0};
    if (left < 0 || poll(&watch, 1, static_cast<int>(left)) <= 0) {
      return Value();
    }
    if (!receive()) {
      return std::nullopt;
    }
  }
  const auto end = buffer_.find('\n');
  const auto line = buffer_.substr(0, end);
  buffer_.erase(0, end + 1);
  return parse_json(line, "a message of the project's process");
}

void Bridge::reply(const Value& to, Value answer) {
  answer.set("reply_to", to["id"]);
  send(answer);
}

void Bridge::send(const Value& message) { write_all(socket_.number(), dump_json(message) + "\n"); }

} // namespace pgtool
