#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pgtool {

/// The words of a command as a shell would split them: white space, '…', "…" and backslashes.
/// Nothing is expanded. Throws Error(Failure::usage) that begins with `source` for a quote that is
/// not closed.
std::vector<std::string> split_shell_words(std::string_view text, std::string_view source);

/// The word in a form that a POSIX shell reads back as the same word; plain words stay as they are.
std::string quoted_for_shell(std::string_view word);

} // namespace pgtool
