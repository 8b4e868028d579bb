#pragma once

#include <string_view>

namespace pgtool {

constexpr std::string_view comment_alone = "a comment needs a line of its own";

/// Why PgBouncer would refuse that value of a key of [pgbouncer] (1.18 to 1.26 were run): numbers
/// are C's, durations are seconds without a unit, words are those that it knows; "" when it would
/// not. Repeats no value.
std::string_view refusal_of(std::string_view key, std::string_view value);

/// True for a value with white space and then `;` or `#` in it: a comment that is none.
bool has_inline_comment(std::string_view value);

/// The same for a key of [pgbouncer]: in the text of a statement or a message it may be meant.
bool has_inline_comment(std::string_view key, std::string_view value);

/// True when both spellings of a value of that key mean the same: 020 and 16, 3600.0 and 3600,
/// Transaction and transaction.
bool is_same_value(std::string_view key, std::string_view one, std::string_view other);

} // namespace pgtool
