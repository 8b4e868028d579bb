#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pgtool {

/// One code point at the start of a text: how many bytes it takes and what it is.
/// `valid` is false for a byte that is no UTF-8; then `bytes` is 1. The text is not empty.
struct CodePoint {
  char32_t value = 0;
  std::size_t bytes = 1;
  bool valid = false;
};

CodePoint first_code_point(std::string_view text);

/// The same text, each byte that is no UTF-8 replaced by U+FFFD.
std::string replace_invalid_utf8(std::string_view text);

/// Text that is safe on a terminal: valid UTF-8 whose control characters, escape sequences
/// among them, have become visible. Line feeds stay.
std::string printable(std::string_view text);

/// Code points in a text, which for what pgtool prints is the number of columns.
std::size_t columns(std::string_view text);

} // namespace pgtool
