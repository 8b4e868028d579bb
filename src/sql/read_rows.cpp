#include "sql/expressions.hpp"
#include "sql/parsed_statement.hpp"
#include "sql/read_statements.hpp"

namespace pgtool {
namespace {

using Actions = std::vector<Action>;

/// WHERE id = 5, or IN a list of them.
bool asks_for_ids(const Node& condition) {
  const auto words = condition["lexpr"].as("ColumnRef").list("fields");
  const auto column = words.empty() ? std::string_view() : words.back().text("sval");
  const bool equals = condition.is("AExpr") && condition.has_list("name") &&
                      condition.list("name").back().text("sval") == "=";
  return equals && (column == "id" || column == "pk" || column == "uuid") &&
         !condition["rexpr"].is("SubLink") && columns_in(condition["rexpr"]).empty();
}

void write(action::RowChange change, const Node& statement, Actions& actions) {
  const auto condition = statement["where_clause"];
  action::WriteRows rows;
  rows.change = change;
  rows.table = relation_of(statement["relation"]);
  rows.bounded = restricts(condition);
  rows.few = asks_for_ids(condition);
  rows.asked_null = asked_null(condition);
  actions.push_back(std::move(rows));
}

void insert(const Node& statement, Actions& actions) {
  const auto source = statement["select_stmt"];
  action::WriteRows rows;
  rows.table = relation_of(statement["relation"]);
  rows.few = !source || source.has_list("values_lists");
  rows.bounded = rows.few;
  actions.push_back(std::move(rows));
}

void update(const Node& statement, Actions& actions) {
  write(action::RowChange::update, statement, actions);
}

void remove(const Node& statement, Actions& actions) {
  write(action::RowChange::remove, statement, actions);
}

void merge(const Node& statement, Actions& actions) {
  write(action::RowChange::merge, statement, actions);
  std::get<action::WriteRows>(actions.back()).bounded = true;
}

void copy(const Node& statement, Actions& actions) {
  if (statement.truth("is_from")) {
    write(action::RowChange::copy, statement, actions);
    std::get<action::WriteRows>(actions.back()).bounded = true;
  }
}

void add_tables(const Node& node, std::vector<Relation>& tables) {
  if (node.is("RangeVar")) {
    tables.push_back(relation_of(node));
  }
  for (const auto& child : node.children()) {
    add_tables(child, tables);
  }
}

void select(const Node& statement, Actions& actions) {
  action::ReadRows read;
  for (const auto& part : statement.list("from_clause")) {
    add_tables(part, read.tables);
  }
  read.for_update = statement.has_list("locking_clause");
  if (const auto into = statement["into_clause"]) {
    action::CreateTable create;
    create.table = relation_of(into["rel"]);
    create.temporary = into["rel"].text("relpersistence") == "t";
    create.from_query = true;
    actions.push_back(std::move(create));
  }
  actions.push_back(std::move(read));
}

} // namespace

const StatementReaders& row_readers() {
  static const StatementReaders table{
      {"CopyStmt", copy},   {"DeleteStmt", remove}, {"InsertStmt", insert},
      {"MergeStmt", merge}, {"SelectStmt", select}, {"UpdateStmt", update},
  };
  return table;
}

} // namespace pgtool
