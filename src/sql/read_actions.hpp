#pragma once

#include "sql/parse_tree.hpp"
#include "sql/script.hpp"

namespace pgtool {

/// Notes what one statement of a parse tree does and locks. Of DO the statements of its body are
/// noted as its own; where a text is built when it runs, an opaque RunCode stands for it.
void read_statement(const Node& node, Statement& statement);

} // namespace pgtool
