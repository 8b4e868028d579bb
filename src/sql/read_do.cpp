#include "sql/read_do.hpp"

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/value.hpp"
#include "sql/expressions.hpp"
#include "sql/quote.hpp"
#include "sql/read_actions.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <pg_query.h>

namespace pgtool {
namespace {

struct Body {
  std::string text;
  std::string language = "plpgsql";
};

Body body_of(const Node& node) {
  Body body;
  for (const auto& argument : node.list("args")) {
    const auto name = argument.text("defname");
    if (name == "as") {
      body.text = argument["arg"].text("sval");
    } else if (name == "language") {
      body.language = argument["arg"].text("sval");
    }
  }
  return body;
}

/// What PL/pgSQL's parser makes of it; nothing when it objects.
std::optional<Value> taken_apart(const Body& body) {
  const auto text = "DO " + quote_literal(body.text);
  const auto parsed = pg_query_parse_plpgsql(text.c_str());
  std::optional<Value> tree;
  if (parsed.error == nullptr && parsed.plpgsql_funcs != nullptr) {
    try {
      tree = parse_json(parsed.plpgsql_funcs, "a DO block");
    } catch (const Error&) {
      // Bytes that are no UTF-8 come out as they came.
    }
  }
  pg_query_free_plpgsql_parse_result(parsed);
  return tree;
}

class Reader {
public:
  explicit Reader(Statement& statement) : statement_(statement) {}

  void walk(const Value& node) {
    for (const auto& element : node.elements()) {
      walk(element);
    }
    for (const auto& [key, member] : node.members()) {
      take(key, member);
      walk(member);
    }
  }

  void opaque() {
    statement_.actions.emplace_back(action::RunCode{"EXECUTE", true});
    statement_.locks.understood = false;
  }

private:
  void take(const std::string& key, const Value& member) {
    if (key == "PLpgSQL_stmt_execsql") {
      run(text_of(member["sqlstmt"]));
    } else if (key == "PLpgSQL_stmt_perform") {
      run(text_of(member["expr"]));
    } else if (key == "PLpgSQL_stmt_fors") {
      run(text_of(member["query"]));
    } else if (key == "PLpgSQL_stmt_dynexecute" || key == "PLpgSQL_stmt_dynfors") {
      run_built(text_of(member["query"]));
    } else if (key == "PLpgSQL_stmt_commit" || key == "PLpgSQL_stmt_rollback") {
      statement_.actions.emplace_back(
          action::ControlTransaction{key.ends_with("commit") ? action::TransactionStep::commit
                                                             : action::TransactionStep::rollback,
                                     true});
    }
  }

  static std::string text_of(const Value& expression) {
    return expression["PLpgSQL_expr"]["query"].text();
  }

  void run(const std::string& sql) {
    const ParseTree tree(sql);
    if (!tree.error().empty()) {
      return opaque();
    }
    for (const auto& one : tree.statements()) {
      Statement inner;
      read_statement(one.node, inner);
      std::move(inner.actions.begin(), inner.actions.end(), std::back_inserter(statement_.actions));
      auto& locks = statement_.locks;
      std::move(inner.locks.locks.begin(), inner.locks.locks.end(),
                std::back_inserter(locks.locks));
      std::move(inner.locks.creates.begin(), inner.locks.creates.end(),
                std::back_inserter(locks.creates));
      locks.understood = locks.understood && inner.locks.understood;
      locks.outside_transactions = locks.outside_transactions || inner.locks.outside_transactions;
    }
  }

  /// EXECUTE: a constant is as good as the statement itself.
  void run_built(const std::string& expression) {
    const ParseTree tree("SELECT " + expression);
    if (tree.statements().size() != 1) {
      return opaque();
    }
    const auto targets = tree.statements().front().node.list("target_list");
    const auto text = targets.size() == 1 ? constant_of(targets.front()["val"]) : std::nullopt;
    if (!text) {
      return opaque();
    }
    run(*text);
  }

  Statement& statement_;
};

} // namespace

void read_do(const Node& node, Statement& statement) {
  Reader reader(statement);
  statement.locks.statements = 1;
  const auto body = body_of(node);
  const auto tree = body.language == "plpgsql" ? taken_apart(body) : std::nullopt;
  if (!tree) {
    return reader.opaque();
  }
  statement.actions.emplace_back(action::RunCode{"DO", false});
  reader.walk(*tree);
}

} // namespace pgtool
