#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pgtool {

/// What a comment `# pgtool: ignore[RULE, …] reason` gives as its reason ("" when it gives none)
/// where it is about that rule and stands on `line` or on the line above, which must hold nothing
/// else then. Line 0: anywhere in the text. A comment begins with # or --, or with ; at the
/// beginning of a line. Nothing when there is no such comment.
std::optional<std::string> ignore_reason(std::string_view text, int line, std::string_view rule);

} // namespace pgtool
