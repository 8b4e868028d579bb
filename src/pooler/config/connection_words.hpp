#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pgtool {

/// The pairs of a value in [databases], [users] or [peers].
struct ConnectionWords {
  std::vector<std::pair<std::string, std::string>> pairs;
  bool broken = false; ///< what stands behind the pairs is a syntax error for PgBouncer
};

/// Reads `key=value key='it''s'` as PgBouncer does, which is not libpq's way: only a space parts
/// words (a tab is a letter), a backslash is a letter, a value may not be empty, and the letter
/// behind a closing quote is dropped, whatever it is.
ConnectionWords split_connection_words(std::string_view text);

} // namespace pgtool
