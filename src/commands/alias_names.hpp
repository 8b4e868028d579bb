#pragma once

#include "commands/context.hpp"
#include "commands/options.hpp"

#include <string>
#include <vector>

namespace pgtool {

/// The PostgreSQL aliases of the project's settings. Throws as `detect` does when the project
/// cannot be asked.
std::vector<std::string> alias_names(const CommonOptions& common, const Context& context);

} // namespace pgtool
