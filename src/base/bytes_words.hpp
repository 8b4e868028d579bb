#pragma once

#include <cstdint>
#include <string>

namespace pgtool {

/// "32 kB", "1.5 GB".
std::string bytes_words(std::int64_t bytes);

} // namespace pgtool
