#pragma once

#include "pooler/pooler_config.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace pgtool {

/// Reads the right-hand side of an entry of `[databases]`, `host=db port=5432 dbname='my db'`, as
/// manifests and containers' variables hold it too. A quotation mark inside quotes is doubled.
/// Nothing when it is none.
std::optional<ConfiguredDatabase>
parse_database_entry(const std::string& name, std::string_view text, const std::string& origin);

/// Puts one key of an entry where it belongs.
void set_database_key(ConfiguredDatabase& database, std::string_view key, std::string value);

} // namespace pgtool
