#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pgtool {

/// The schema names of a search_path, in order. "$user" stands for the role's own name.
using SearchPath = std::vector<std::string>;

/// Reads the setting as the server does (SplitIdentifierString): names without quotes become lower
/// case, quotes are doubled inside quotes. nullopt when the server would refuse it.
std::optional<SearchPath> parse_search_path(std::string_view setting);

/// The path as a person would write it: `"$user", public`.
std::string search_path_text(const SearchPath& path);

/// The value of `SET search_path = …`: a literal for each name, so that no list is ever taken for
/// one name.
std::string search_path_value(const SearchPath& path);

} // namespace pgtool
