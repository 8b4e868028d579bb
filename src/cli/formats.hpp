#pragma once

#include "commands/options.hpp"

#include <optional>
#include <string_view>

namespace pgtool {

/// The form of that name, of whichever command.
std::optional<Format> format_named(std::string_view name);

} // namespace pgtool
