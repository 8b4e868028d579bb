#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pgtool {

/// A word of the command line as an error may quote it: printable, short, and without what could
/// be a password (a URL, `key=value`).
std::string shown(std::string_view word);

/// The words as a command line that can be pasted into a shell. The values of --*-url options,
/// which may hold passwords, are left out as "URL".
std::string printable_command(const std::vector<std::string>& words);

} // namespace pgtool
