#pragma once

#include <string>

namespace pgtool {

/// pgtool's version, the loaded libpq's and the SQL grammar's: one line each.
std::string version_text();

} // namespace pgtool
