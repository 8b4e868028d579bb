#include "sql/expressions.hpp"

#include "sql/parsed_statement.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace pgtool {
namespace {

std::string column_of(const Node& node) {
  const auto words = node.as("ColumnRef").list("fields");
  return words.empty() ? "" : std::string(words.back().text("sval"));
}

void add_tested(const Node& condition, std::string_view test, std::vector<std::string>& columns) {
  if (condition.choice("boolop") == "AND_EXPR") {
    for (const auto& part : condition.list("args")) {
      add_tested(part, test, columns);
    }
  }
  if (condition.is("NullTest") && condition.choice("nulltesttype") == test) {
    if (auto column = column_of(condition["arg"]); !column.empty()) {
      columns.push_back(std::move(column));
    }
  }
}

Volatility worse(Volatility one, Volatility other) {
  const auto weight = [](Volatility kind) {
    return kind == Volatility::changing ? 2 : kind == Volatility::not_known ? 1 : 0;
  };
  return weight(one) < weight(other) ? other : one;
}

void weigh(const Node& node, Expression& expression) {
  if (node.is("FuncCall")) {
    const auto function = function_of(node);
    const bool may_be_builtin = function.schema.empty() || function.schema == "pg_catalog";
    const auto kind = may_be_builtin ? builtin_volatility(function.name) : Volatility::not_known;
    if (worse(expression.volatility, kind) != expression.volatility) {
      expression.volatility = kind;
      expression.function = function.name;
    }
  }
  for (const auto& child : node.children()) {
    weigh(child, expression);
  }
}

bool is_constant(const Node& node) {
  return node.is("AConst") || (node.is("TypeCast") && is_constant(node["arg"]));
}

} // namespace

Relation relation_of_words(const std::vector<Node>& words, std::size_t skipped) {
  Relation relation;
  if (words.size() > skipped) {
    const auto last = words.size() - skipped - 1;
    relation.name = words[last].text("sval");
    relation.schema = last > 0 ? words[last - 1].text("sval") : std::string_view();
  }
  return relation;
}

std::string type_text(const TypeName& type) {
  auto text = type.schema.empty() ? type.name : type.schema + "." + type.name;
  for (std::size_t at = 0; at < type.modifiers.size(); ++at) {
    text += fmt::format("{}{}", at == 0 ? "(" : ",", type.modifiers[at]);
  }
  return text + (type.modifiers.empty() ? "" : ")") + (type.array ? "[]" : "");
}

TypeName type_of(const Node& type_name) {
  const auto relation = relation_of_words(type_name.list("names"));
  TypeName type;
  type.name = relation.name;
  type.schema = relation.schema == "pg_catalog" ? "" : relation.schema;
  type.array = type_name.has_list("array_bounds");
  for (const auto& modifier : type_name.list("typmods")) {
    type.modifiers.push_back(modifier["ival"].number("ival"));
  }
  return type;
}

std::string collation_of(const Node& column) {
  return relation_of_words(column["coll_clause"].list("collname")).name;
}

Expression expression_of(const Node& node) {
  Expression expression;
  expression.null = !node || (node.is("AConst") && node.truth("isnull"));
  if (const auto cast = node.as("TypeCast")) {
    expression.null = cast["arg"].truth("isnull");
  }
  weigh(node, expression);
  return expression;
}

std::optional<std::string> constant_of(const Node& node) {
  if (node.is("TypeCast")) {
    return constant_of(node["arg"]);
  }
  if (!node.is("AConst") || node.truth("isnull")) {
    return std::nullopt;
  }
  if (const auto text = node["sval"]) {
    return std::string(text.text("sval"));
  }
  if (const auto truth = node["boolval"]) {
    return truth.truth("boolval") ? "true" : "false";
  }
  if (const auto real = node["fval"]) {
    return std::string(real.text("fval"));
  }
  return std::to_string(node["ival"].number("ival"));
}

std::vector<std::string> proved_not_null(const Node& condition) {
  std::vector<std::string> columns;
  add_tested(condition, "IS_NOT_NULL", columns);
  return columns;
}

std::vector<std::string> asked_null(const Node& condition) {
  std::vector<std::string> columns;
  add_tested(condition, "IS_NULL", columns);
  return columns;
}

namespace {

void add_columns(const Node& node, std::vector<std::string>& columns) {
  if (auto column = column_of(node);
      !column.empty() && std::find(columns.begin(), columns.end(), column) == columns.end()) {
    columns.push_back(std::move(column));
  }
  for (const auto& child : node.children()) {
    add_columns(child, columns);
  }
}

void add_constants(const Node& node, std::vector<std::string>& constants) {
  if (node.is("AConst")) {
    constants.push_back(constant_of(node).value_or(""));
  }
  for (const auto& child : node.children()) {
    add_constants(child, constants);
  }
}

} // namespace

std::vector<std::string> columns_in(const Node& expression) {
  std::vector<std::string> columns;
  add_columns(expression, columns);
  return columns;
}

std::vector<std::string> constants_in(const Node& expression) {
  std::vector<std::string> constants;
  add_constants(expression, constants);
  return constants;
}

bool restricts(const Node& condition) {
  if (!condition || is_constant(condition)) {
    return false;
  }
  if (condition.is("AExpr")) { // 1 = 1
    return !(is_constant(condition["lexpr"]) && is_constant(condition["rexpr"]));
  }
  return true;
}

Relation function_of(const Node& call) { return relation_of_words(call.list("funcname")); }

} // namespace pgtool
