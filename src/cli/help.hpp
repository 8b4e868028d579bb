#pragma once

#include "cli/command_table.hpp"

#include <cstddef>
#include <string>

namespace pgtool {

/// The page for who typed `pgtool` alone, in lines of at most `width` columns.
std::string overview(std::size_t width);

/// Everything about one command.
std::string help_of(const CommandSpec& command, std::size_t width);

} // namespace pgtool
