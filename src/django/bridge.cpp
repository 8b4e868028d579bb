#include "django/bridge.hpp"

#include "base/error.hpp"
#include "base/json.hpp"
#include "django/bridge_sources.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <poll.h>
#include <sys/socket.h>

namespace pgtool {
namespace {

using Words = std::vector<std::string>;
using Variables = std::vector<std::pair<std::string, std::string>>;

void append(Words& words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
}

/// Our folder in front of what the command's own assignments say, or else the environment.
std::string python_path(const std::string& folder, const Variables& assigned) {
  const char* inherited = std::getenv("PYTHONPATH");
  std::string before = inherited != nullptr ? inherited : "";
  for (const auto& [name, value] : assigned) {
    before = name == "PYTHONPATH" ? value : before;
  }
  return before.empty() ? folder : folder + ":" + before;
}

/// Python itself gets the launcher and a socket. Any other program only passes the environment on.
Launch launch_of(const BridgeRequest& request, const MeetingPoint& meeting, int socket) {
  Launch launch;
  const auto& entry = request.entry;
  launch.variables = entry.variables;
  launch.signal_group = entry.starts_python_itself();
  if (entry.starts_python_itself()) {
    launch.variables.emplace_back("PGTOOL_BRIDGE", meeting.socket_path());
    launch.variables.emplace_back("PYTHONPATH", python_path(meeting.folder(), entry.variables));
  } else {
    launch.argv = {entry.python};
    append(launch.argv, entry.flags);
    append(launch.argv, {"-c", std::string(bridge_source("boot")), std::to_string(socket)});
    launch.inherited = socket;
  }
  append(launch.argv, entry.command);
  append(launch.argv, request.arguments);
  launch.dir = entry.dir;
  launch.hidden = request.hidden;
  launch.stdout_to_stderr = request.stdout_to_stderr;
  launch.drops_stdout = request.drops_stdout;
  launch.output = request.output;
  return launch;
}

std::string payload_of(const BridgeRequest& request, const MeetingPoint& meeting) {
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
                                               {"environment", variables},
                                               {"watched", request.watched},
                                               {"socket", meeting.socket_path()},
                                               {"folder", meeting.folder()}})}}));
  return std::to_string(text.size()) + "\n" + text;
}

/// Starts the child; for a Python, with one end of a new socket pair, whose other end is a link.
Child start(const BridgeRequest& request, const MeetingPoint& meeting, std::string_view payload,
            std::vector<std::unique_ptr<BridgeLink>>& links) {
  if (request.entry.starts_python_itself()) {
    return Child(launch_of(request, meeting, -1));
  }
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    throw Error(Failure::unknown, std::string("no socket pair: ") + std::strerror(errno));
  }
  Descriptor ours(ends[0]);
  const Descriptor theirs(ends[1]);
  Child child(launch_of(request, meeting, theirs.number()));
  links.push_back(std::make_unique<BridgeLink>(std::move(ours), 0, payload));
  return child;
}

} // namespace

std::string_view bridge_source(std::string_view name) {
  for (const auto& source : bridge_sources()) {
    if (source.name == name) {
      return source.text;
    }
  }
  throw Error(Failure::internal, "a module of the bridge is missing");
}

Bridge::Bridge(const BridgeRequest& request)
    : payload_(payload_of(request, meeting_)), child_(start(request, meeting_, payload_, links_)) {}

std::vector<int> Bridge::descriptors() const {
  std::vector<int> all{meeting_.descriptor()};
  for (const auto& link : links_) {
    if (link->is_open()) {
      all.push_back(link->descriptor());
    }
  }
  return all;
}

bool Bridge::has_open_link() const {
  return std::any_of(links_.begin(), links_.end(),
                     [](const auto& link) { return link->is_open(); });
}

bool Bridge::is_linked(int number) const {
  return std::any_of(links_.begin(), links_.end(), [number](const auto& link) {
    return link->number() == number && link->is_open();
  });
}

void Bridge::receive() {
  while (true) {
    auto come = meeting_.accept();
    if (!come.is_open()) {
      break;
    }
    links_.push_back(std::make_unique<BridgeLink>(std::move(come), ++last_number_, payload_));
  }
  for (const auto& link : links_) {
    link->receive();
  }
}

std::optional<BridgeMessage> Bridge::take() {
  for (const auto& link : links_) {
    if (auto message = link->take()) {
      return BridgeMessage{link->number(), std::move(*message)};
    }
  }
  std::erase_if(links_, [](const auto& link) { return !link->is_open(); });
  return std::nullopt;
}

std::optional<BridgeMessage> Bridge::next(std::chrono::steady_clock::time_point deadline) {
  while (true) {
    receive();
    if (auto message = take()) {
      return message;
    }
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
                          deadline - std::chrono::steady_clock::now())
                          .count();
    std::vector<pollfd> watches;
    for (const int descriptor : descriptors()) {
      watches.push_back({descriptor, POLLIN, 0});
    }
    if (left <= 0 || poll(watches.data(), watches.size(), static_cast<int>(left)) <= 0) {
      return std::nullopt;
    }
  }
}

void Bridge::reply(const BridgeMessage& to, Value answer) {
  answer.set("reply_to", to.body["id"]);
  for (const auto& link : links_) {
    if (link->number() == to.from) {
      link->send(answer);
    }
  }
}

void Bridge::send_to_all(const Value& message, int but) {
  for (const auto& link : links_) {
    if (link->number() != but) {
      link->send(message);
    }
  }
}

} // namespace pgtool
