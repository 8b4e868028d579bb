#pragma once

#include "sql/parse_tree.hpp"
#include "sql/script.hpp"

namespace pgtool {

/// Notes what the body of a DO does: each statement that PL/pgSQL's own parser finds in it, under
/// whatever condition it stands, as if it ran once.
void read_do(const Node& node, Statement& statement);

} // namespace pgtool
