#include "commands/rehearsal.hpp"

#include "base/error.hpp"
#include "base/signals.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <fmt/core.h>
#include <sys/mman.h>
#include <unistd.h>

namespace pgtool {
namespace {

/// The last lines of what the program printed, for the message about its failure.
std::string tail_of(int file) {
  constexpr off_t most = 2000;
  std::array<char, most> text{};
  const auto end = lseek(file, 0, SEEK_END);
  const auto got = pread(file, text.data(), text.size(), end > most ? end - most : 0);
  const std::string_view all(text.data(), static_cast<std::size_t>(got > 0 ? got : 0));
  const auto lines = split(trim(all), '\n');
  return std::string(trim(lines.back()));
}

/// Whether a process that was given the command told its settings, and the status at the end.
struct Seen {
  bool command = false;
  int status = 0;
};

bool is_given(const Value& message, const std::string& command) {
  const auto& words = message["argv"].elements();
  return std::any_of(words.begin(), words.end(),
                     [&](const auto& word) { return word.text() == command; });
}

Seen watch(Bridge& bridge, const std::string& command, std::chrono::seconds patience) {
  Seen seen;
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (std::chrono::steady_clock::now() < deadline) {
    throw_if_interrupted();
    const auto message =
        bridge.next(std::chrono::steady_clock::now() + std::chrono::milliseconds(20));
    if (message && message->body["event"].text() == "settings") {
      seen.command = seen.command || is_given(message->body, command);
      bridge.reply(*message, Value::object({{"do", "stop"}, {"status", 0}}));
    } else if (!message) {
      if (const auto status = bridge.child().poll_exit()) {
        seen.status = *status;
        return seen;
      }
    }
  }
  throw Error(Failure::unknown,
              fmt::format("the project's command did not end within {} seconds", patience.count()));
}

} // namespace

void expect_to_join(const BridgeRequest& request, std::chrono::seconds patience) {
  const Descriptor output(memfd_create("pgtool", MFD_CLOEXEC));
  BridgeRequest rehearsal = request;
  rehearsal.arguments = {request.arguments.front(), "--help"};
  rehearsal.settings_only = true;
  rehearsal.output = output.number();
  Bridge bridge(rehearsal);
  const auto seen = watch(bridge, request.arguments.front(), patience);
  if (seen.status == 128 + SIGINT || seen.status == 128 + SIGTERM) {
    throw Interrupted(seen.status - 128);
  }
  if (seen.command) {
    return;
  }
  const auto& program = request.entry.command.front();
  const auto said = tail_of(output.number());
  throw Error(Failure::unknown,
              fmt::format("{} started no Django that pgtool can watch; its --help ended with "
                          "status {}{}",
                          program, seen.status, said.empty() ? "" : ": " + said),
              "it must start the project's Python here, as this user, without -I, -E, an "
              "emptied environment or another PYTHONPATH; or name Python itself: --manage 'python "
              "manage.py'");
}

} // namespace pgtool
