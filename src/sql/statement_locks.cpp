#include "sql/statement_locks.hpp"

#include "base/deep_stack.hpp"
#include "base/text.hpp"
#include "sql/expressions.hpp"
#include "sql/parsed_statement.hpp"
#include "sql/placeholders.hpp"
#include "sql/statement_kinds.hpp"

#include <algorithm>

namespace pgtool {
namespace {

void collect_one(LockCollector& collector, const Node& statement) {
  for (const auto& element : statement.as("CreateSchemaStmt").list("schema_elts")) {
    collect_one(collector, element);
  }
  const auto known = statement_kinds().find(statement.kind());
  if (known != statement_kinds().end()) {
    known->second(collector, statement);
  }
}

bool is_plain(std::string_view kind) {
  return kind == "SelectStmt" || kind == "InsertStmt" || kind == "UpdateStmt" ||
         kind == "DeleteStmt" || kind == "MergeStmt" || kind == "ExplainStmt" ||
         kind == "VariableShowStmt";
}

/// The names that calls of set_config() anywhere in the tree change.
void collect_set_config(const Node& node, std::vector<std::string>& sets) {
  if (const auto names = node.as("FuncCall").list("funcname");
      !names.empty() && names.back().text("sval") == "set_config" && node.has_list("args")) {
    const auto name = node.list("args").front().as("AConst")["sval"].text("sval");
    sets.push_back(name.empty() ? "all" : lower(name));
  }
  for (const auto& child : node.children()) {
    collect_set_config(child, sets);
  }
}

void collect(StatementLocks& result, const ParseTree& tree, bool may_configure) {
  LockCollector collector(result);
  result.plain = !tree.statements().empty();
  for (const auto& statement : tree.statements()) {
    ++result.statements;
    collect_one(collector, statement.node);
    result.plain = result.plain && is_plain(statement.node.kind());
    if (may_configure) {
      collect_set_config(statement.node, result.sets);
    }
  }
}

/// False when it does not parse.
bool parse_into(StatementLocks& result, const std::string& sql) {
  bool parsed = false;
  run_on_stack(sql.size() * stack_per_byte, [&] {
    const ParseTree tree(sql);
    parsed = tree.error().empty();
    if (parsed) {
      collect(result, tree, lower(sql).find("set_config") != std::string::npos);
    }
  });
  return parsed;
}

/// `(concurrently false)` is written out by some tools.
bool is_off(const Node& argument) {
  const auto word = lower(argument.as("String").text("sval"));
  return word == "false" || word == "off" ||
         (argument.as("Integer") && argument.as("Integer").number("ival") == 0) ||
         (argument.as("Boolean") && !argument.as("Boolean").truth("boolval"));
}

} // namespace

bool has_option(const std::vector<Node>& options, std::string_view name) {
  return std::any_of(options.begin(), options.end(), [&](const Node& option) {
    return option.as("DefElem").text("defname") == name && !is_off(option.as("DefElem")["arg"]);
  });
}

void LockCollector::lock(Relation relation, LockMode mode, bool index) {
  const auto is_it = [&](const Relation& other) { return other == relation; };
  if (relation.name.empty() || std::any_of(result_.creates.begin(), result_.creates.end(), is_it)) {
    return;
  }
  for (auto& known : result_.locks) {
    if (known.relation == relation) {
      known.mode = std::max(known.mode, mode);
      return;
    }
  }
  result_.locks.push_back({std::move(relation), index, mode});
}

void LockCollector::create(Relation relation) { result_.creates.push_back(std::move(relation)); }

Relation relation_of(const Node& range) {
  return {std::string(range.text("schemaname")), std::string(range.text("relname"))};
}

Relation named_relation(const Node& names, std::size_t skipped) {
  return relation_of_words(names.as("List").list("items"), skipped);
}

std::string plain_name(const Relation& relation) {
  return relation.schema.empty() ? relation.name : relation.schema + "." + relation.name;
}

bool StatementLocks::strong() const {
  return !understood || std::any_of(locks.begin(), locks.end(), [](const RelationLock& lock) {
    return lock.mode >= LockMode::share;
  });
}

StatementLocks statement_locks(const Node& statement) {
  StatementLocks result;
  LockCollector collector(result);
  result.statements = 1;
  result.plain = is_plain(statement.kind());
  collect_one(collector, statement);
  return result;
}

StatementLocks statement_locks(const std::string& sql) {
  StatementLocks result;
  if (sql.size() <= longest_parsed && sql.find('\0') == std::string::npos) {
    if (parse_into(result, sql) ||
        (sql.find('%') != std::string::npos && parse_into(result, without_placeholders(sql)))) {
      return result;
    }
  }
  result.understood = false;
  return result;
}

} // namespace pgtool
