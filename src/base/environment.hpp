#pragma once

#include <map>
#include <string>

namespace pgtool {

/// Environment variables of a process, ours or another's.
using Environment = std::map<std::string, std::string, std::less<>>;

} // namespace pgtool
