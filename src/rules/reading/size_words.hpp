#pragma once

#include "rules/reading/schema.hpp"

#include <string>

namespace pgtool {

/// "it has about 12000 rows, 1.5 MB": the table and its indexes.
std::string size_words(const TableSize& size);

} // namespace pgtool
