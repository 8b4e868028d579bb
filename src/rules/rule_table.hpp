#pragma once

#include "rules/rule.hpp"

#include <span>
#include <string_view>

namespace pgtool {

/// Every rule of pgtool, by area: what check judges, what explain, SARIF, the man page and README
/// tell of.
std::span<const Rule* const> rule_table();

/// The slug without "pgtool." before it.
std::string_view bare_slug(std::string_view slug);

/// The rule of that slug, with or without "pgtool." before it; null when there is none.
const Rule* find_rule(std::string_view slug);

/// The slug that somebody most likely meant.
std::optional<std::string> nearest_rule(std::string_view slug);

} // namespace pgtool
