#pragma once

#include <string>
#include <string_view>

namespace pgtool {

/// The text with the placeholders that a Python driver fills in (`%s`, `%(name)s`, `%%`) made NULL
/// or a percent sign: outside of literals, quoted names and comments. `word` stands for them in
/// place of NULL, such as a name where no expression can be.
std::string without_placeholders(std::string_view sql, std::string_view word = "NULL");

/// Whether a name of a statement is filled in, wholly or in part, so that nobody knows what it
/// names.
bool has_placeholder(std::string_view name);

} // namespace pgtool
