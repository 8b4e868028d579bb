#pragma once

#include <cstddef>
#include <string_view>

namespace pgtool {

/// How many bytes of the text from its beginning are one literal, quoted name or comment, to its
/// end or, where it has none, to the end of the text; 0 when the text begins with something else.
std::size_t quoted_part(std::string_view text);

/// How many bytes of blanks and comments the text begins with.
std::size_t blank_part(std::string_view text);

} // namespace pgtool
