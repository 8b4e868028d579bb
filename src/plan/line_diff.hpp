#pragma once

#include <string>
#include <string_view>

namespace pgtool {

/// The difference as `diff -u` tells it, with `context` lines around each change; "" when there is
/// none. Meant for texts that differ in few lines: it is right for all, but short for those.
std::string line_diff(const std::string& file, std::string_view before, std::string_view after,
                      int context = 2);

} // namespace pgtool
