#pragma once

#include "cli/command_table.hpp"

#include <map>
#include <string>
#include <vector>

namespace pgtool {

/// The words after the command, taken apart but not yet understood.
struct Arguments {
  std::map<const OptionSpec*, std::vector<std::string>> given;
  Rest rest;
};

/// Throws Error(Failure::usage) for a missing value, and for unknown or misspelt options.
Arguments read_arguments(const CommandSpec& command, std::vector<std::string> words);

} // namespace pgtool
