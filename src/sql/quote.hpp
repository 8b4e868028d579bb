#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pgtool {

/// A name as an identifier, in quotes where one of the servers that we know needs them.
std::string quote_identifier(std::string_view name);

/// A text as a string literal that means the same whatever standard_conforming_strings says.
std::string quote_literal(std::string_view text);

/// 'a', 'b' for a list of values, each a literal.
std::string quote_literals(const std::vector<std::string>& texts);

} // namespace pgtool
