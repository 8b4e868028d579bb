#pragma once

#include <string>
#include <string_view>

namespace pgtool {

/// pgtool's version, the loaded libpq's and the SQL grammar's: one line each.
std::string version_text();

/// pgtool's alone: "1.2.3".
std::string_view pgtool_version();

} // namespace pgtool
