#pragma once

#include "sql/action.hpp"
#include "sql/parse_tree.hpp"

#include <map>
#include <string_view>
#include <vector>

namespace pgtool {

/// Adds what one kind of statement does.
using ReadStatement = void (*)(const Node& statement, std::vector<Action>& actions);
using StatementReaders = std::map<std::string_view, ReadStatement>;

void read_alter_table(const Node& statement, std::vector<Action>& actions);

/// By the parser's name of the kind: definitions of tables and other objects, what holds no rows of
/// its own, rows, sessions.
const StatementReaders& object_readers();
const StatementReaders& creation_readers();
const StatementReaders& row_readers();
const StatementReaders& session_readers();

/// "OBJECT_FOREIGN_TABLE" as people write it: "FOREIGN TABLE".
std::string object_kind_of(std::string_view choice);

} // namespace pgtool
