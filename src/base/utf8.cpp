#include "base/utf8.hpp"

namespace pgtool {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

struct Lead {
  std::size_t bytes;
  char32_t bits;
  char32_t least; ///< smaller values are overlong forms
};

Lead lead_of(unsigned char byte) {
  if (byte < 0x80) {
    return {1, byte, 0};
  }
  if (byte >= 0xC2 && byte < 0xE0) {
    return {2, byte & 0x1FU, 0x80};
  }
  if (byte >= 0xE0 && byte < 0xF0) {
    return {3, byte & 0x0FU, 0x800};
  }
  if (byte >= 0xF0 && byte < 0xF5) {
    return {4, byte & 0x07U, 0x10000};
  }
  return {0, 0, 0};
}

bool is_scalar_value(char32_t value) {
  return value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF);
}

bool is_control(char32_t value) { return value < 0x20 || (value >= 0x7F && value < 0xA0); }

/// Marks that reorder the text around them: a name could show as another name.
bool reorders(char32_t value) {
  return (value >= 0x202A && value <= 0x202E) || (value >= 0x2066 && value <= 0x2069);
}

std::string visible(char32_t value) {
  if (value == '\t') {
    return " ";
  }
  if (value > 0xFF) {
    return std::string(replacement);
  }
  constexpr std::string_view digits = "0123456789abcdef";
  return {'\\', 'x', digits[value >> 4U], digits[value & 0xFU]};
}

} // namespace

CodePoint first_code_point(std::string_view text) {
  const Lead lead = lead_of(static_cast<unsigned char>(text.front()));
  if (lead.bytes == 0 || lead.bytes > text.size()) {
    return {};
  }
  char32_t value = lead.bits;
  for (std::size_t i = 1; i < lead.bytes; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xC0U) != 0x80U) {
      return {};
    }
    value = (value << 6U) | (byte & 0x3FU);
  }
  if (value < lead.least || !is_scalar_value(value)) {
    return {};
  }
  return {value, lead.bytes, true};
}

std::string replace_invalid_utf8(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    clean += point.valid ? text.substr(0, point.bytes) : replacement;
    text.remove_prefix(point.bytes);
  }
  return clean;
}

std::string printable(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    if (!point.valid) {
      shown += replacement;
    } else if ((is_control(point.value) && point.value != '\n') || reorders(point.value)) {
      shown += visible(point.value);
    } else {
      shown += text.substr(0, point.bytes);
    }
    text.remove_prefix(point.bytes);
  }
  return shown;
}

std::size_t columns(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); ++count) {
    text.remove_prefix(first_code_point(text).bytes);
  }
  return count;
}

} // namespace pgtool
