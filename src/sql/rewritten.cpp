#include "sql/rewritten.hpp"

#include "sql/expressions.hpp"
#include "sql/read_definitions.hpp"
#include "sql/workpiece.hpp"

#include <string_view>
#include <utility>

namespace pgtool {
namespace {

void drop_concurrently(Workpiece& piece, PgQuery__DropStmt& drop, std::vector<std::string>& texts) {
  auto** objects = drop.objects;
  const auto count = std::exchange(drop.n_objects, 1);
  drop.concurrent = 1;
  drop.behavior = PG_QUERY__DROP_BEHAVIOR__DROP_RESTRICT; // it takes no other
  for (std::size_t at = 0; at < count; ++at) {
    drop.objects = objects + at;
    texts.push_back(piece.text());
  }
}

} // namespace

std::string without_method(std::string text) {
  constexpr std::string_view method = " USING btree (";
  if (const auto at = text.find(method); at != std::string::npos) {
    text.replace(at, method.size(), " (");
  }
  return text;
}

std::vector<std::string> concurrently(const std::string& sql) {
  std::vector<std::string> texts;
  rework(sql, [&](Workpiece& piece, PgQuery__Node& statement) {
    if (statement.node_case == PG_QUERY__NODE__NODE_INDEX_STMT) {
      auto& index = *statement.index_stmt;
      index.concurrent = 1;
      const std::string name = index.idxname;
      index.idxname = name.empty() ? index.idxname : piece.word(Workpiece::any_name);
      texts.push_back(without_method(Workpiece::named(piece.text(), name)));
    } else if (statement.node_case == PG_QUERY__NODE__NODE_DROP_STMT) {
      drop_concurrently(piece, *statement.drop_stmt, texts);
    }
  });
  return texts;
}

ConstraintSteps domain_constraint(const std::string& sql) {
  ConstraintSteps steps;
  rework(sql, [&](Workpiece& piece, PgQuery__Node& statement) {
    const bool is_domain = statement.node_case == PG_QUERY__NODE__NODE_ALTER_DOMAIN_STMT;
    auto* given = is_domain ? statement.alter_domain_stmt->def : nullptr;
    if (given == nullptr || given->node_case != PG_QUERY__NODE__NODE_CONSTRAINT) {
      return;
    }
    auto& constraint = *given->constraint;
    const auto domain =
        relation_of_words(Node(&statement.alter_domain_stmt->base).list("type_name"));
    steps.definition = constraint_of_definition(Node(&constraint.base));
    steps.name = steps.definition.name.empty() ? domain.name + "_check" : steps.definition.name;
    constraint.conname = piece.word(Workpiece::any_name);
    constraint.skip_validation = 1;
    constraint.initially_valid = 0;
    steps.not_valid = Workpiece::named(piece.text(), steps.name);
  });
  return steps;
}

} // namespace pgtool
