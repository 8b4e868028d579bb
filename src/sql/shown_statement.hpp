#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pgtool {

/// Somebody else's statement as it may be shown: on one line, without literals, numbers and
/// comments, which may hold anything, and cut after `longest` bytes. Takes texts that were cut
/// anywhere (pg_stat_activity cuts at track_activity_query_size): a literal without an end ends the
/// text. "" for nothing.
std::string shown_statement(std::string_view sql, std::size_t longest = 120);

} // namespace pgtool
