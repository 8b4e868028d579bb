#pragma once

#include <string_view>

namespace pgtool {

// What help and man pages say alike.

constexpr std::string_view purpose =
    "pgtool finds the connection pooler between Django and PostgreSQL, proves where the real "
    "server is, and runs migrations there.";
constexpr std::string_view precedence =
    "A flag beats the PGTOOL_ variable, which beats pgtool.yaml, which beats what Django says.";
constexpr std::string_view first_steps =
    "pgtool detect\npgtool migrate --plan\npgtool migrate --direct";

} // namespace pgtool
