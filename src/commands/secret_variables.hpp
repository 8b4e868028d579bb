#pragma once

#include <string>
#include <vector>

namespace pgtool {

/// Our own environment variables that may hold passwords: no program that pgtool starts or becomes
/// inherits them.
inline const std::vector<std::string> secret_variables = {"PGTOOL_DIRECT_URL", "PGTOOL_POOLED_URL",
                                                          "PGTOOL_CONSOLE_URL"};

} // namespace pgtool
