#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pgtool {

/// The text without the ASCII white space around it.
std::string_view trim(std::string_view text);

/// What stands before the first line feed: libpq's own words, without its advice below them.
std::string first_line(std::string_view text);

/// With a space for each control character: names may hold line ends, too.
std::string one_line(std::string text);

/// The pieces between separators, empty ones included: "a,,b" has three. "" has one.
std::vector<std::string> split(std::string_view text, char separator);

/// The pieces between runs of ASCII white space, none of them empty.
std::vector<std::string> split_words(std::string_view text);

std::string join(const std::vector<std::string>& pieces, std::string_view separator);

/// ASCII letters in lower or upper case, everything else untouched.
std::string lower(std::string_view text);
std::string upper(std::string_view text);

/// Percent-encodes every byte but ASCII letters, digits and those in `allowed`.
std::string percent_encoded(std::string_view text, std::string_view allowed = "-._~");

/// The number, if the whole text is one. No white space, no leading '+', no inf or nan.
std::optional<std::int64_t> parse_integer(std::string_view text);
std::optional<double> parse_real(std::string_view text);

/// True for a day that exists, as YYYY-MM-DD.
bool is_date(std::string_view text);

/// true/yes/on/1 and false/no/off/0, in any case.
std::optional<bool> parse_truth(std::string_view text);

/// Seconds in "10m", "2s", "500ms", "1h", "1d" or "1.5". Throws Error(Failure::usage) that names
/// the value, and `name` (an option, a key) before it when there is one.
double parse_duration(std::string_view text, std::string_view name = {});

/// How many insertions, deletions, replacements and swaps of neighbours lead from one to the other.
std::size_t edit_distance(std::string_view from, std::string_view to);

/// The candidate that `word` most likely was meant to be; nothing when none is near.
std::optional<std::string> nearest(std::string_view word,
                                   const std::vector<std::string>& candidates);

} // namespace pgtool
