#pragma once

#include <string>

namespace pgtool {

/// The completion script of each shell.
std::string bash_completions();
std::string zsh_completions();
std::string fish_completions();

} // namespace pgtool
