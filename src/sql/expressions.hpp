#pragma once

#include "sql/definitions.hpp"
#include "sql/parse_tree.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace pgtool {

/// The relation of a name that is written as a list of words: schema.table.
Relation relation_of_words(const std::vector<Node>& words, std::size_t skipped = 0);

TypeName type_of(const Node& type_name);
/// That of a ColumnDef, without its schema; "" where it names none.
std::string collation_of(const Node& column);

/// What the expression is made of. Absent: NULL.
Expression expression_of(const Node& node);

/// The text of a constant, through casts; nothing for anything else.
std::optional<std::string> constant_of(const Node& node);

/// The columns that this condition says hold no NULL where it is true: `a IS NOT NULL AND …`.
std::vector<std::string> proved_not_null(const Node& condition);

/// The columns that this condition says are NULL.
std::vector<std::string> asked_null(const Node& condition);

/// The columns that an expression reads, each once, and the constants in it, as they are written.
std::vector<std::string> columns_in(const Node& expression);
std::vector<std::string> constants_in(const Node& expression);

/// False for a condition that holds for every row whatever they are: absent, or a constant.
bool restricts(const Node& condition);

/// "schema.function" or "function" of a FuncCall.
Relation function_of(const Node& call);

/// The volatility of a function that PostgreSQL brings along; not_known for others.
Volatility builtin_volatility(std::string_view name);

} // namespace pgtool
