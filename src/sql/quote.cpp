#include "sql/quote.hpp"

#include "base/text.hpp"

namespace pgtool {
namespace {

std::string doubled(std::string_view text, char letter) {
  std::string twice;
  for (const char one : text) {
    twice += one;
    if (one == letter) {
      twice += one;
    }
  }
  return twice;
}

} // namespace

std::string quote_identifier(std::string_view name) { return '"' + doubled(name, '"') + '"'; }

std::string quote_literal(std::string_view text) {
  const auto quoted = "'" + doubled(text, '\'') + "'";
  const bool escapes = text.find('\\') != std::string_view::npos;
  return escapes ? "E" + doubled(quoted, '\\') : quoted;
}

std::string quote_literals(const std::vector<std::string>& texts) {
  std::vector<std::string> quoted;
  for (const auto& text : texts) {
    quoted.push_back(quote_literal(text));
  }
  return join(quoted, ", ");
}

} // namespace pgtool
