#pragma once

#include "base/value.hpp"

namespace pgtool {

/// The same value, its texts made printable: a NUL or an escape sequence that came from outside is
/// refused by databases that take reports in, and does things on terminals that show them.
Value printable_value(const Value& value);

} // namespace pgtool
