#include "sql/read_definitions.hpp"

#include "sql/expressions.hpp"
#include "sql/parsed_statement.hpp"

namespace pgtool {
namespace {

std::optional<ConstraintKind> kind_of(const Node& constraint) {
  const auto kind = constraint.choice("contype");
  if (kind == "CONSTR_CHECK") {
    return ConstraintKind::check;
  }
  if (kind == "CONSTR_FOREIGN") {
    return ConstraintKind::foreign_key;
  }
  if (kind == "CONSTR_UNIQUE") {
    return ConstraintKind::unique;
  }
  if (kind == "CONSTR_PRIMARY") {
    return ConstraintKind::primary_key;
  }
  if (kind == "CONSTR_EXCLUSION") {
    return ConstraintKind::exclusion;
  }
  return std::nullopt;
}

bool is_serial(const std::string& type) {
  return type == "serial" || type == "bigserial" || type == "smallserial" || type == "serial2" ||
         type == "serial4" || type == "serial8";
}

void add_constraint(const Node& constraint, ColumnDefinition& column) {
  const auto kind = constraint.choice("contype");
  if (kind == "CONSTR_NOTNULL") {
    column.not_null = true;
  } else if (kind == "CONSTR_DEFAULT") {
    column.value = expression_of(constraint["raw_expr"]);
  } else if (kind == "CONSTR_IDENTITY") {
    column.identity = true;
  } else if (kind == "CONSTR_GENERATED") {
    column.generated = true;
  } else if (is_table_constraint(constraint)) {
    auto definition = constraint_of_definition(constraint);
    if (definition.kind != ConstraintKind::check) {
      definition.columns = {column.name};
    }
    column.not_null = column.not_null || definition.kind == ConstraintKind::primary_key;
    column.constraints.push_back(std::move(definition));
  }
}

} // namespace

bool is_table_constraint(const Node& constraint) { return kind_of(constraint).has_value(); }

ConstraintDefinition constraint_of_definition(const Node& constraint) {
  ConstraintDefinition definition;
  definition.kind = kind_of(constraint).value_or(ConstraintKind::check);
  definition.name = constraint.text("conname");
  definition.not_valid = constraint.truth("skip_validation");
  definition.using_index = constraint.text("indexname");
  const bool refers = definition.kind == ConstraintKind::foreign_key;
  for (const auto& word : constraint.list(refers ? "fk_attrs" : "keys")) {
    definition.columns.emplace_back(word.text("sval"));
  }
  if (refers) {
    definition.target = relation_of(constraint["pktable"]);
  }
  if (definition.kind == ConstraintKind::check) {
    definition.not_null = proved_not_null(constraint["raw_expr"]);
    definition.columns = columns_in(constraint["raw_expr"]);
    definition.constants = constants_in(constraint["raw_expr"]);
  }
  return definition;
}

ColumnDefinition column_of_definition(const Node& definition) {
  ColumnDefinition column;
  column.name = definition.text("colname");
  column.type = type_of(definition["type_name"]);
  column.collation = collation_of(definition);
  column.serial = is_serial(column.type.name);
  column.not_null = column.serial || definition.truth("is_not_null");
  for (const auto& constraint : definition.list("constraints")) {
    add_constraint(constraint, column);
  }
  column.not_null = column.not_null || column.identity;
  return column;
}

} // namespace pgtool
