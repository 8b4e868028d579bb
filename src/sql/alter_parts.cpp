#include "sql/rewritten.hpp"

#include "sql/constraint_name.hpp"
#include "sql/parsed_statement.hpp"
#include "sql/read_definitions.hpp"
#include "sql/workpiece.hpp"

#include <utility>

namespace pgtool {
namespace {

PgQuery__Node as_node(PgQuery__AlterTableStmt* statement) {
  PgQuery__Node node = PG_QUERY__NODE__INIT;
  node.node_case = PG_QUERY__NODE__NODE_ALTER_TABLE_STMT;
  node.alter_table_stmt = statement;
  return node;
}

PgQuery__Node as_node(PgQuery__IndexStmt* statement) {
  PgQuery__Node node = PG_QUERY__NODE__INIT;
  node.node_case = PG_QUERY__NODE__NODE_INDEX_STMT;
  node.index_stmt = statement;
  return node;
}

Node seen(const PgQuery__Constraint& constraint) { return Node(&constraint.base); }

bool has_table_form(const PgQuery__Constraint& constraint) {
  return is_table_constraint(seen(constraint));
}

/// Takes ALTER TABLE apart.
class Parts {
public:
  explicit Parts(Workpiece& piece)
      : piece_(piece), statement_(*piece.statement()->alter_table_stmt),
        table_(relation_of(Node(&statement_.relation->base))) {}

  std::vector<AlterPart> parts() {
    std::vector<AlterPart> parts;
    for (std::size_t at = 0; at < statement_.n_cmds; ++at) {
      auto* command = statement_.cmds[at];
      if (command->node_case == PG_QUERY__NODE__NODE_ALTER_TABLE_CMD) {
        parts.push_back(part(command));
      }
    }
    return parts;
  }

private:
  AlterPart part(PgQuery__Node* node) {
    auto& command = *node->alter_table_cmd;
    AlterPart part;
    part.kind = Node(&command.base).choice("subtype");
    part.written = alone(node);
    part.column = command.name;
    auto* given = command.def;
    if (given != nullptr && given->node_case == PG_QUERY__NODE__NODE_COLUMN_DEF) {
      take_column(node, *given->column_def, part);
    } else if (given != nullptr && given->node_case == PG_QUERY__NODE__NODE_CONSTRAINT) {
      take_constraint(*given->constraint, "", part);
    }
    return part;
  }

  void take_column(PgQuery__Node* node, PgQuery__ColumnDef& column, AlterPart& part) {
    const bool is_added = part.kind == "AT_AddColumn";
    part.column = is_added ? column.colname : part.column;
    part.type = column.type_name != nullptr ? piece_.type_text(column.type_name) : "";
    if (column.raw_default != nullptr) {
      part.value = piece_.expression_text(column.raw_default);
    }
    auto** all = column.constraints;
    const auto count = column.n_constraints;
    auto** kept = piece_.list(count + 1);
    std::size_t kept_count = 0;
    for (std::size_t at = 0; at < count; ++at) {
      auto& constraint = *all[at]->constraint;
      const bool is_value = constraint.contype == PG_QUERY__CONSTR_TYPE__CONSTR_DEFAULT ||
                            constraint.contype == PG_QUERY__CONSTR_TYPE__CONSTR_GENERATED;
      if (is_value) {
        part.value = piece_.expression_text(constraint.raw_expr);
      }
      if (has_table_form(constraint)) {
        at += take_followers(all + at + 1, count - at - 1, constraint);
        take_constraint(constraint, column.colname, part);
      } else {
        kept[kept_count++] = all[at];
      }
    }
    column.constraints = kept;
    column.n_constraints = kept_count;
    part.kept = is_added ? alone(node) : "";
    column.n_constraints = 0;
    part.bare = is_added ? alone(node) : "";
  }

  /// Whether a constraint of a column is deferrable stands behind it, as constraints of their own:
  /// how many these are.
  static std::size_t take_followers(PgQuery__Node** all, std::size_t count,
                                    PgQuery__Constraint& constraint) {
    std::size_t taken = 0;
    for (; taken < count; ++taken) {
      const auto kind = all[taken]->constraint->contype;
      if (kind == PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_DEFERRABLE) {
        constraint.deferrable = 1;
      } else if (kind == PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_DEFERRED) {
        constraint.deferrable = constraint.initdeferred = 1;
      } else if (kind != PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_NOT_DEFERRABLE &&
                 kind != PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_IMMEDIATE) {
        break;
      }
    }
    return taken;
  }

  void take_constraint(PgQuery__Constraint& constraint, const std::string& column,
                       AlterPart& part) {
    ConstraintSteps steps;
    if (!has_table_form(constraint)) {
      return;
    }
    name_columns(constraint, column);
    steps.definition = constraint_of_definition(seen(constraint));
    auto named = steps.definition;
    for (const auto& included : seen(constraint).list("including")) {
      named.columns.emplace_back(included.text("sval")); // the index has them, and a name like it
    }
    steps.name = constraint_name(table_, named);
    constraint.conname = piece_.word(Workpiece::any_name);
    if (steps.definition.kind == ConstraintKind::check ||
        steps.definition.kind == ConstraintKind::foreign_key) {
      const auto skips = std::exchange(constraint.skip_validation, 1);
      const auto valid = std::exchange(constraint.initially_valid, 0);
      steps.not_valid = Workpiece::named(with(constraint), steps.name);
      constraint.skip_validation = skips;
      constraint.initially_valid = valid;
    } else if (steps.definition.kind != ConstraintKind::exclusion) {
      steps.index = Workpiece::named(index_of(constraint), steps.name);
      steps.from_index = Workpiece::named(from_index(constraint), steps.name);
    }
    part.constraints.push_back(std::move(steps));
  }

  /// A constraint that stands with its column does not name it.
  void name_columns(PgQuery__Constraint& constraint, const std::string& column) {
    const bool refers = constraint.contype == PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN;
    if (column.empty() || constraint.contype == PG_QUERY__CONSTR_TYPE__CONSTR_CHECK) {
      return;
    }
    auto* word = piece_.make(pg_query__string__init);
    word->sval = piece_.word(column);
    auto* node = piece_.make(pg_query__node__init);
    node->node_case = PG_QUERY__NODE__NODE_STRING;
    node->string = word;
    auto** names = piece_.list(1);
    names[0] = node;
    (refers ? constraint.fk_attrs : constraint.keys) = names;
    (refers ? constraint.n_fk_attrs : constraint.n_keys) = 1;
  }

  std::string index_of(const PgQuery__Constraint& constraint) {
    PgQuery__IndexStmt index = PG_QUERY__INDEX_STMT__INIT;
    index.idxname = constraint.conname;
    auto relation = *statement_.relation;
    relation.inh = 1; // ONLY is a matter of partitions, and says nothing of an index of the table
    index.relation = &relation;
    index.table_space = constraint.indexspace;
    index.index_params = elements(constraint.keys, constraint.n_keys);
    index.n_index_params = constraint.n_keys;
    index.index_including_params = elements(constraint.including, constraint.n_including);
    index.n_index_including_params = constraint.n_including;
    index.options = constraint.options;
    index.n_options = constraint.n_options;
    index.nulls_not_distinct = constraint.nulls_not_distinct;
    index.access_method = piece_.word("btree");
    index.unique = 1;
    index.concurrent = 1;
    return without_method(piece_.text_of(as_node(&index)));
  }

  PgQuery__Node** elements(PgQuery__Node** names, std::size_t count) {
    auto** nodes = piece_.list(count + 1);
    for (std::size_t at = 0; at < count; ++at) {
      auto* element = piece_.make(pg_query__index_elem__init);
      element->name = names[at]->string->sval;
      element->ordering = PG_QUERY__SORT_BY_DIR__SORTBY_DEFAULT;
      element->nulls_ordering = PG_QUERY__SORT_BY_NULLS__SORTBY_NULLS_DEFAULT;
      nodes[at] = piece_.make(pg_query__node__init);
      nodes[at]->node_case = PG_QUERY__NODE__NODE_INDEX_ELEM;
      nodes[at]->index_elem = element;
    }
    return nodes;
  }

  std::string from_index(const PgQuery__Constraint& constraint) {
    auto short_form = constraint;
    short_form.indexname = constraint.conname;
    short_form.n_keys = short_form.n_including = short_form.n_options = 0;
    short_form.indexspace = piece_.word("");
    short_form.nulls_not_distinct = 0; // the index says it
    return with(short_form);
  }

  /// ALTER TABLE … ADD CONSTRAINT
  std::string with(PgQuery__Constraint& constraint) {
    PgQuery__Node given = PG_QUERY__NODE__INIT;
    given.node_case = PG_QUERY__NODE__NODE_CONSTRAINT;
    given.constraint = &constraint;
    PgQuery__AlterTableCmd command = PG_QUERY__ALTER_TABLE_CMD__INIT;
    command.subtype = PG_QUERY__ALTER_TABLE_TYPE__AT_AddConstraint;
    command.behavior = PG_QUERY__DROP_BEHAVIOR__DROP_RESTRICT;
    command.def = &given;
    PgQuery__Node node = PG_QUERY__NODE__INIT;
    node.node_case = PG_QUERY__NODE__NODE_ALTER_TABLE_CMD;
    node.alter_table_cmd = &command;
    return alone(&node);
  }

  std::string alone(PgQuery__Node* command) const {
    auto one = statement_;
    one.cmds = &command;
    one.n_cmds = 1;
    return piece_.text_of(as_node(&one));
  }

  Workpiece& piece_;
  PgQuery__AlterTableStmt& statement_;
  Relation table_;
};

} // namespace

std::vector<AlterPart> alter_parts(const std::string& sql) {
  std::vector<AlterPart> parts;
  rework(sql, [&](Workpiece& piece, PgQuery__Node& statement) {
    if (statement.node_case == PG_QUERY__NODE__NODE_ALTER_TABLE_STMT) {
      parts = Parts(piece).parts();
    }
  });
  return parts;
}

} // namespace pgtool
