#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pgtool {

/// "1 finding", "3 findings"; `several` where an s is not enough.
std::string counted(std::size_t number, std::string_view one, std::string_view several = {});

} // namespace pgtool
