#include "sql/read_actions.hpp"

#include "base/text.hpp"
#include "sql/expressions.hpp"
#include "sql/parsed_statement.hpp"
#include "sql/read_do.hpp"
#include "sql/read_statements.hpp"

#include <algorithm>
#include <array>

namespace pgtool {
namespace {

ReadStatement reader_of(std::string_view kind) {
  for (const auto* readers :
       {&object_readers(), &creation_readers(), &row_readers(), &session_readers()}) {
    if (const auto found = readers->find(kind); found != readers->end()) {
      return found->second;
    }
  }
  return nullptr;
}

/// Functions that a rule asks about by name.
bool is_asked(std::string_view name) {
  constexpr std::array<std::string_view, 6> names{"set_config", "currval",     "lastval",
                                                  "setval",     "dblink_exec", "pg_notify"};
  return name.starts_with("pg_advisory_") || name.starts_with("pg_try_advisory_") ||
         std::find(names.begin(), names.end(), name) != names.end();
}

action::SetParameter configured(const action::CallFunction& call) {
  action::SetParameter set;
  const auto& arguments = call.arguments;
  set.name = lower(arguments[0].value_or("…"));
  set.value = arguments[1].value_or("…");
  set.local = arguments[2].value_or("false").starts_with('t');
  set.by_function = true;
  return set;
}

void note_call(const Node& node, std::vector<Action>& actions) {
  const auto function = function_of(node);
  // One that gives the same for the same arguments does nothing else, and seldom takes long.
  if (!is_asked(function.name) && builtin_volatility(function.name) == Volatility::steady) {
    return;
  }
  action::CallFunction call{function.schema, function.name, {}};
  for (const auto& argument : node.list("args")) {
    call.arguments.push_back(constant_of(argument));
  }
  constexpr std::size_t set_config_arguments = 3;
  if (call.name == "set_config" && call.arguments.size() == set_config_arguments) {
    actions.push_back(configured(call));
  } else {
    actions.push_back(std::move(call));
  }
}

void note_calls(const Node& node, std::vector<Action>& actions) {
  if (node.is("FuncCall")) {
    note_call(node, actions);
  }
  for (const auto& child : node.children()) {
    note_calls(child, actions);
  }
}

/// Statements that only define what will run later.
bool is_put_off(std::string_view kind) {
  return kind == "CreateFunctionStmt" || kind == "PrepareStmt" || kind == "ViewStmt" ||
         kind == "RuleStmt" || kind == "CreateTrigStmt" || kind == "CreatePolicyStmt" ||
         kind == "CreateStmt" || kind == "AlterTableStmt" || kind == "IndexStmt";
}

void note_actions(const Node& node, std::vector<Action>& actions) {
  for (const auto& part : node["with_clause"].list("ctes")) {
    note_actions(part["ctequery"], actions);
  }
  for (const auto& element : node.as("CreateSchemaStmt").list("schema_elts")) {
    note_actions(element, actions);
  }
  if (node.is("ExplainStmt") && has_option(node.list("options"), "analyze")) {
    note_actions(node["query"], actions);
  }
  if (const auto read = reader_of(node.kind()); read != nullptr) {
    read(node, actions);
  }
}

} // namespace

void read_statement(const Node& node, Statement& statement) {
  if (node.is("DoStmt")) {
    return read_do(node, statement);
  }
  note_actions(node, statement.actions);
  if (!is_put_off(node.kind())) {
    note_calls(node, statement.actions);
  }
  statement.locks = statement_locks(node);
}

} // namespace pgtool
