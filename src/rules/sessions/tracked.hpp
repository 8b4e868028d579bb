#pragma once

#include <string_view>

namespace pgtool::rules {

/// Whether poolers follow this parameter, and set it in whichever session a client gets.
bool is_tracked(std::string_view parameter);

} // namespace pgtool::rules
