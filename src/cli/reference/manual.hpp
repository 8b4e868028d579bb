#pragma once

#include "cli/command_table.hpp"

#include <string>

namespace pgtool {

/// Man pages, in mdoc: pgtool.1, pgtool-COMMAND.1, pgtool.yaml.5 and pgtool-rules.7.
std::string overview_manual();
std::string command_manual(const CommandSpec& command);
std::string config_manual();
std::string rules_manual();

} // namespace pgtool
