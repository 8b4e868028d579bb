#pragma once

#include <string_view>

namespace pgtool {

/// Writes all of it to a descriptor. A reader that went away is no error; a full disk is: throws
/// Error(Failure::unknown).
void write_all(int descriptor, std::string_view text);

} // namespace pgtool
