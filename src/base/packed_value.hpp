#pragma once

#include "base/value.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace pgtool {

/// Appends a value in a form that is read many times faster than JSON. For files of our own: it may
/// change with each version.
void pack(const Value& value, std::string& text);

/// Takes one value from the front of such a text; nothing where there is none.
std::optional<Value> unpack(std::string_view& text);

} // namespace pgtool
