#pragma once

#include <string>
#include <string_view>

namespace pgtool {

/// A word of the command line as an error may quote it: printable, short, and without what could
/// be a password (a URL, `key=value`).
std::string shown(std::string_view word);

} // namespace pgtool
