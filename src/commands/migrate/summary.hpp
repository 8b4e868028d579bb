#pragma once

#include "commands/migrate/desk.hpp"

#include <string>
#include <vector>

namespace pgtool {

/// What a run's migrations did to the site, a line each, fit to be pasted into a ticket: strong
/// locks on tables that were there before, waits, long runs, and who was in the way. Empty for a
/// run that nobody will have noticed.
std::vector<std::string> summary_of(const DeskRecord& record);

/// "about 12000 rows, 1.5 MB, rewritten"; "" for nothing of it.
std::string size_words(std::optional<std::int64_t> rows, std::optional<std::int64_t> bytes,
                       bool rewritten);

} // namespace pgtool
