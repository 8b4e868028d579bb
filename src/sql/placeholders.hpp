#pragma once

#include <string>
#include <string_view>

namespace pgtool {

/// The text with the placeholders that a Python driver fills in (`%s`, `%(name)s`, `%%`) made NULL
/// or a percent sign: outside of literals, quoted names and comments.
std::string without_placeholders(std::string_view sql);

} // namespace pgtool
