#include "sql/statement_locks.hpp"

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "sql/parsed_statement.hpp"
#include "sql/placeholders.hpp"
#include "sql/statement_kinds.hpp"

#include <algorithm>
#include <pg_query.h>

namespace pgtool {
namespace {

// The parser and its writer of trees recurse: a chain of operators of 200 kB overflows the stack.
constexpr std::size_t largest_text = 32U << 10;

void collect_one(LockCollector& collector, const std::string& kind, const Value& statement) {
  if (kind == "CreateSchemaStmt") {
    for (const auto& element : statement["schemaElts"].elements()) {
      for (const auto& [inner, definition] : element.members()) {
        collect_one(collector, inner, definition);
      }
    }
  }
  const auto known = statement_kinds().find(kind);
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
void collect_set_config(const Value& node, std::vector<std::string>& sets) {
  for (const auto& element : node.elements()) {
    collect_set_config(element, sets);
  }
  for (const auto& [key, member] : node.members()) {
    const auto& names = member["funcname"].elements();
    if (key == "FuncCall" && !names.empty() &&
        names.back()["String"]["sval"].text() == "set_config" &&
        !member["args"].elements().empty()) {
      const auto& first = member["args"].elements().front();
      sets.push_back(lower(first["A_Const"]["sval"]["sval"].text("all")));
    }
    collect_set_config(member, sets);
  }
}

void collect(StatementLocks& result, const Value& tree, bool may_configure) {
  LockCollector collector(result);
  result.plain = !tree["stmts"].elements().empty();
  for (const auto& raw : tree["stmts"].elements()) {
    ++result.statements;
    for (const auto& [kind, statement] : raw["stmt"].members()) {
      collect_one(collector, kind, statement);
      result.plain = result.plain && is_plain(kind);
    }
  }
  if (may_configure) {
    collect_set_config(tree, result.sets);
  }
}

/// The parse tree; nothing when the text does not parse.
std::optional<Value> parse(const std::string& sql) {
  const auto parsed = pg_query_parse(sql.c_str());
  std::optional<Value> tree;
  if (parsed.error == nullptr) {
    try {
      tree = parse_json(parsed.parse_tree, "a parse tree");
    } catch (const Error&) {
      // The parser writes bytes that are no UTF-8 as they came: then it is not understood.
    }
  }
  pg_query_free_parse_result(parsed);
  return tree;
}

} // namespace

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

Relation relation_of(const Value& range) {
  return {range["schemaname"].text(), range["relname"].text()};
}

Relation named_relation(const Value& names, std::size_t skipped) {
  const auto& items = names["List"]["items"].elements();
  Relation relation;
  if (items.size() > skipped) {
    const auto last = items.size() - skipped - 1;
    relation.name = items[last]["String"]["sval"].text();
    relation.schema = last > 0 ? items[last - 1]["String"]["sval"].text() : "";
  }
  return relation;
}

bool StatementLocks::strong() const {
  return !understood || std::any_of(locks.begin(), locks.end(), [](const RelationLock& lock) {
    return lock.mode >= LockMode::share;
  });
}

StatementLocks statement_locks(const std::string& sql) {
  StatementLocks result;
  if (sql.size() > largest_text || sql.find('\0') != std::string::npos) {
    result.understood = false;
    return result;
  }
  auto tree = parse(sql);
  if (!tree && sql.find('%') != std::string::npos) {
    tree = parse(without_placeholders(sql));
  }
  if (!tree) {
    result.understood = false;
    return result;
  }
  collect(result, *tree, lower(sql).find("set_config") != std::string::npos);
  return result;
}

} // namespace pgtool
