#pragma once

#include <string_view>

namespace pgtool {

/// What PgBouncer of that version ("1.18.0"; "" for one that nobody knows) does where a key of
/// [pgbouncer] is not set; "" for keys that are not listed, and for those whose default the unknown
/// version decides (facts: read in the sources of 1.8 to 1.26).
std::string_view bouncer_default(std::string_view key, std::string_view version);

} // namespace pgtool
