#include "sql/expressions.hpp"
#include "sql/parsed_statement.hpp"
#include "sql/read_statements.hpp"

namespace pgtool {
namespace {

using Actions = std::vector<Action>;

bool is_temporary(const Node& range) {
  return range.text("relpersistence") == "t" || range.text("schemaname") == "pg_temp";
}

void create_view(const Node& statement, Actions& actions) {
  actions.push_back(action::CreateObject{"VIEW", relation_of(statement["view"]),
                                         statement.truth("replace"),
                                         is_temporary(statement["view"])});
}

void create_sequence(const Node& statement, Actions& actions) {
  actions.push_back(action::CreateObject{"SEQUENCE", relation_of(statement["sequence"]),
                                         statement.truth("if_not_exists"),
                                         is_temporary(statement["sequence"])});
}

void create_function(const Node& statement, Actions& actions) {
  actions.push_back(action::CreateObject{statement.truth("is_procedure") ? "PROCEDURE" : "FUNCTION",
                                         relation_of_words(statement.list("funcname")),
                                         statement.truth("replace"), false});
}

void create_composite(const Node& statement, Actions& actions) {
  actions.push_back(action::CreateObject{"TYPE", relation_of(statement["typevar"]), false, false});
}

void create_range(const Node& statement, Actions& actions) {
  actions.push_back(
      action::CreateObject{"TYPE", relation_of_words(statement.list("type_name")), false, false});
}

/// An aggregate, an operator, a base type.
void define(const Node& statement, Actions& actions) {
  actions.push_back(action::CreateObject{object_kind_of(statement.choice("kind")),
                                         relation_of_words(statement.list("defnames")),
                                         statement.truth("replace"), false});
}

void create_extension(const Node& statement, Actions& actions) {
  actions.push_back(action::CreateObject{"EXTENSION",
                                         {"", std::string(statement.text("extname"))},
                                         statement.truth("if_not_exists"),
                                         false});
}

void create_schema(const Node& statement, Actions& actions) {
  actions.push_back(action::CreateObject{"SCHEMA",
                                         {"", std::string(statement.text("schemaname"))},
                                         statement.truth("if_not_exists"),
                                         false});
}

} // namespace

const StatementReaders& creation_readers() {
  static const StatementReaders table{
      {"CompositeTypeStmt", create_composite},
      {"CreateExtensionStmt", create_extension},
      {"CreateFunctionStmt", create_function},
      {"CreateRangeStmt", create_range},
      {"CreateSchemaStmt", create_schema},
      {"CreateSeqStmt", create_sequence},
      {"DefineStmt", define},
      {"ViewStmt", create_view},
  };
  return table;
}

} // namespace pgtool
