#pragma once

#include "base/value.hpp"

#include <string>
#include <string_view>

namespace pgtool {

/// Reads one JSON document. Throws Error(Failure::unknown) that names `source` when it is none.
Value parse_json(std::string_view text, std::string_view source);

/// Writes JSON; `indent` < 0 gives one line. Bytes that are not UTF-8 become U+FFFD.
std::string dump_json(const Value& value, int indent = -1);

} // namespace pgtool
