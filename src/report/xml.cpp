#include "report/xml.hpp"

#include "base/utf8.hpp"

namespace pgtool {
namespace {

std::string_view entity_of(char32_t value) {
  switch (value) {
  case '&':
    return "&amp;";
  case '<':
    return "&lt;";
  case '>':
    return "&gt;";
  case '"':
    return "&quot;";
  case 0xFFFE:
  case 0xFFFF:
    return "\xEF\xBF\xBD";
  default:
    return {};
  }
}

} // namespace

std::string xml_text(std::string_view text) {
  const std::string valid = printable(text);
  std::string safe;
  safe.reserve(valid.size());
  for (std::string_view rest = valid; !rest.empty();) {
    const CodePoint point = first_code_point(rest);
    const auto entity = entity_of(point.value);
    safe += entity.empty() ? rest.substr(0, point.bytes) : entity;
    rest.remove_prefix(point.bytes);
  }
  return safe;
}

std::string xml_attribute(std::string_view text) {
  std::string safe = xml_text(text);
  constexpr std::string_view line_end = "&#10;";
  for (auto at = safe.find('\n'); at != std::string::npos; at = safe.find('\n', at)) {
    safe.replace(at, 1, line_end);
  }
  return safe;
}

} // namespace pgtool
