#include "sql/expressions.hpp"
#include "sql/parsed_statement.hpp"
#include "sql/read_definitions.hpp"
#include "sql/read_statements.hpp"

#include <map>

namespace pgtool {
namespace {

using Actions = std::vector<Action>;
/// Reads one subcommand of ALTER TABLE.
using Read = void (*)(const Relation& table, const Node& command, Actions& actions);

std::string name_of(const Node& command) { return std::string(command.text("name")); }

void add_column(const Relation& table, const Node& command, Actions& actions) {
  actions.push_back(action::AddColumn{table, column_of_definition(command["def"])});
}

void drop_column(const Relation& table, const Node& command, Actions& actions) {
  actions.push_back(
      action::DropColumn{table, name_of(command), command.choice("behavior") == "DROP_CASCADE"});
}

/// USING column or USING column::type is what the server does by itself.
bool converts(const Node& expression, std::string_view column) {
  auto inner = expression;
  while (inner.is("TypeCast")) {
    inner = inner["arg"];
  }
  const auto words = inner.as("ColumnRef").list("fields");
  return expression && (words.empty() || words.back().text("sval") != column);
}

void change_type(const Relation& table, const Node& command, Actions& actions) {
  const auto definition = command["def"];
  actions.push_back(action::ChangeColumnType{
      table, name_of(command), type_of(definition["type_name"]),
      converts(definition["raw_default"], command.text("name")), collation_of(definition)});
}

void set_not_null(const Relation& table, const Node& command, Actions& actions) {
  actions.push_back(action::SetNotNull{table, name_of(command)});
}

void drop_not_null(const Relation& table, const Node& command, Actions& actions) {
  actions.push_back(action::DropNotNull{table, name_of(command)});
}

void change_default(const Relation& table, const Node& command, Actions& actions) {
  actions.push_back(action::ChangeDefault{table, name_of(command), !command["def"]});
}

void add_constraint(const Relation& table, const Node& command, Actions& actions) {
  if (is_table_constraint(command["def"])) {
    actions.push_back(action::AddConstraint{table, constraint_of_definition(command["def"])});
  }
}

void validate(const Relation& table, const Node& command, Actions& actions) {
  actions.push_back(action::ValidateConstraint{table, name_of(command)});
}

void drop_constraint(const Relation& table, const Node& command, Actions& actions) {
  actions.push_back(action::DropConstraint{table, name_of(command)});
}

void attach(const Relation& table, const Node& command, Actions& actions) {
  const auto partition = command["def"];
  if (partition["bound"]) { // ALTER INDEX … ATTACH PARTITION has none
    actions.push_back(action::AttachPartition{table, relation_of(partition["name"]),
                                              partition["bound"].truth("is_default"),
                                              constants_in(partition["bound"])});
  }
}

void detach(const Relation& table, const Node& command, Actions& actions) {
  actions.push_back(action::DetachPartition{table, relation_of(command["def"]["name"]),
                                            command["def"].truth("concurrent")});
}

template <bool logged>
void set_logged(const Relation& table, const Node& /*command*/, Actions& actions) {
  actions.push_back(action::SetLogged{table, logged});
}

void set_tablespace(const Relation& table, const Node& command, Actions& actions) {
  actions.push_back(action::SetTablespace{table, name_of(command)});
}

void set_access_method(const Relation& table, const Node& command, Actions& actions) {
  actions.push_back(action::SetAccessMethod{table, name_of(command)});
}

template <bool disables>
void switch_trigger(const Relation& table, const Node& command, Actions& actions) {
  const auto kind = command.choice("subtype");
  const auto which = kind.ends_with("All") ? "ALL" : kind.ends_with("User") ? "USER" : "";
  actions.push_back(
      action::SwitchTrigger{table, *which != '\0' ? which : name_of(command), disables});
}

const std::map<std::string_view, Read>& subcommands() {
  static const std::map<std::string_view, Read> table{
      {"AT_AddColumn", add_column},
      {"AT_AddConstraint", add_constraint},
      {"AT_AlterColumnType", change_type},
      {"AT_AttachPartition", attach},
      {"AT_ColumnDefault", change_default},
      {"AT_DetachPartition", detach},
      {"AT_DisableTrig", switch_trigger<true>},
      {"AT_DisableTrigAll", switch_trigger<true>},
      {"AT_DisableTrigUser", switch_trigger<true>},
      {"AT_DropColumn", drop_column},
      {"AT_DropConstraint", drop_constraint},
      {"AT_DropNotNull", drop_not_null},
      {"AT_EnableTrig", switch_trigger<false>},
      {"AT_EnableTrigAll", switch_trigger<false>},
      {"AT_EnableTrigUser", switch_trigger<false>},
      {"AT_SetAccessMethod", set_access_method},
      {"AT_SetLogged", set_logged<true>},
      {"AT_SetNotNull", set_not_null},
      {"AT_SetTableSpace", set_tablespace},
      {"AT_SetUnLogged", set_logged<false>},
      {"AT_ValidateConstraint", validate},
  };
  return table;
}

} // namespace

void read_alter_table(const Node& statement, std::vector<Action>& actions) {
  const auto table = relation_of(statement["relation"]);
  for (const auto& command : statement.list("cmds")) {
    const auto known = subcommands().find(command.choice("subtype"));
    if (known != subcommands().end()) {
      known->second(table, command, actions);
    }
  }
}

} // namespace pgtool
