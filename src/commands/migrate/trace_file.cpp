#include "commands/migrate/trace_file.hpp"

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/write_all.hpp"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <fmt/core.h>

namespace pgtool {
namespace {

/// "2026-11-28T04:37:52.123Z"
std::string time_now() {
  const auto now = std::chrono::system_clock::now();
  const auto seconds = std::chrono::system_clock::to_time_t(now);
  const auto part = std::chrono::duration_cast<std::chrono::milliseconds>(
                        now - std::chrono::system_clock::from_time_t(seconds))
                        .count();
  std::tm broken{};
  gmtime_r(&seconds, &broken);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", broken.tm_year + 1900,
                     broken.tm_mon + 1, broken.tm_mday, broken.tm_hour, broken.tm_min,
                     broken.tm_sec, part < 0 ? 0 : part);
}

} // namespace

TraceFile::TraceFile(const std::string& name) : name_(name) {
  if (name.empty()) {
    return;
  }
  // A pipe that nobody reads would hold everything up.
  file_ = Descriptor(
      open(name.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0666));
  if (!file_.is_open()) {
    throw Error(Failure::usage,
                "the trace file " + name + " cannot be written: " + std::strerror(errno),
                "name a file in a folder that is there and writable");
  }
}

void TraceFile::add(std::string_view event, const Value& more) {
  if (!file_.is_open()) {
    return;
  }
  Value line = Value::object({{"time", time_now()}, {"event", event}});
  for (const auto& [name, value] : more.members()) {
    line.set(name, value);
  }
  try {
    write_all(file_.number(), dump_json(line) + "\n");
  } catch (const Error& error) {
    trouble_ = name_ + ": " + error.what();
    file_.reset();
  }
}

} // namespace pgtool
