#pragma once

#include "base/environment.hpp"

#include <functional>
#include <string>

namespace pgtool {

/// What a command may know of the world it was started in.
struct Context {
  Environment environment;
  std::string command_line; ///< what was typed, fit to be printed: URLs are left out
  /// Tells a person something while the work goes on: one line, to stderr, unless quiet.
  std::function<void(const std::string&)> say = [](const std::string&) {};
};

} // namespace pgtool
