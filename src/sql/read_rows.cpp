#include "sql/expressions.hpp"
#include "sql/parsed_statement.hpp"
#include "sql/read_statements.hpp"

namespace pgtool {
namespace {

using Actions = std::vector<Action>;

void insert(const Node& statement, Actions& actions) {
  const auto source = statement["select_stmt"];
  const bool has_rows = !source || source.has_list("values_lists");
  actions.push_back(action::WriteRows{
      action::RowChange::insert, relation_of(statement["relation"]), has_rows, {}});
}

void update(const Node& statement, Actions& actions) {
  const auto condition = statement["where_clause"];
  actions.push_back(action::WriteRows{action::RowChange::update, relation_of(statement["relation"]),
                                      restricts(condition), asked_null(condition)});
}

void remove(const Node& statement, Actions& actions) {
  const auto condition = statement["where_clause"];
  actions.push_back(action::WriteRows{
      action::RowChange::remove, relation_of(statement["relation"]), restricts(condition), {}});
}

void merge(const Node& statement, Actions& actions) {
  actions.push_back(
      action::WriteRows{action::RowChange::merge, relation_of(statement["relation"]), true, {}});
}

void copy(const Node& statement, Actions& actions) {
  if (statement.truth("is_from")) {
    actions.push_back(
        action::WriteRows{action::RowChange::copy, relation_of(statement["relation"]), true, {}});
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
