#include "base/stable_hash.hpp"

#include <fmt/core.h>

namespace pgtool {

std::string StableHash::digits() const { return fmt::format("{:016x}", sum_); }

} // namespace pgtool
