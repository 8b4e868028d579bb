#pragma once

#include "base/environment.hpp"
#include "model/report.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace pgtool {

/// What a command may know of the world it was started in.
struct Context {
  Environment environment;
  std::string command_line;    ///< what was typed, fit to be printed: URLs are left out
  std::string project_options; ///< those of it that name the project, each with a space before it
  /// How long the project may take to tell its settings. Settings may do slow things when they are
  /// imported; nobody should wait for a dead one for ever.
  std::chrono::seconds patience = std::chrono::minutes(10);
  /// Tells a person something while the work goes on: one line, to stderr, unless quiet.
  std::function<void(const std::string&)> say = [](const std::string&) {};
  /// The same while the project has left a line of its output open, as Django does while it applies
  /// a migration.
  std::function<void(const std::string&)> say_below = [](const std::string&) {};
  /// Shows where the work is, in a line that changes, where there is a terminal for it; "" takes
  /// that line away.
  std::function<void(const std::string&)> show_status = [](const std::string&) {};
  bool shows_status = false;
  /// Shows a report and asks a person a question; nullopt where there is nobody to ask. Throws
  /// Interrupted.
  std::function<std::optional<bool>(const Report&, const std::string& question)> confirm =
      [](const Report&, const std::string&) { return std::optional<bool>(); };
};

} // namespace pgtool
