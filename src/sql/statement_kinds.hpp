#pragma once

#include "sql/parsed_statement.hpp"

#include <map>
#include <string_view>

namespace pgtool {

/// Adds what one kind of statement locks, creates and sets.
using CollectLocks = void (*)(LockCollector& collector, const Node& statement);

/// By the parser's name of the kind; what is not there locks nothing that was there before.
const std::map<std::string_view, CollectLocks>& statement_kinds();

} // namespace pgtool
