#pragma once

#include "cli/command_table.hpp"

#include <string>

namespace pgtool {

/// The page for who typed `pgtool` alone.
std::string overview();

/// Everything about one command.
std::string help_of(const CommandSpec& command);

} // namespace pgtool
