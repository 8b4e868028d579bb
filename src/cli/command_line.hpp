#pragma once

#include "cli/command.hpp"
#include "commands/context.hpp"

#include <string>
#include <vector>

namespace pgtool {

/// Understands the words after the program's name, the PGTOOL_* environment and pgtool.yaml. Help
/// and the version are returned, not printed. Throws Error(Failure::usage).
/// `width`: of lines of help.
Invocation parse(const std::vector<std::string>& words, const Environment& environment,
                 std::size_t width = 80);

/// The form that an error should have, judged as well as it goes before anything is parsed.
Format wanted_format(const std::vector<std::string>& words, const Environment& environment);

} // namespace pgtool
