#include "sql/expressions.hpp"
#include "sql/parsed_statement.hpp"
#include "sql/read_definitions.hpp"
#include "sql/read_statements.hpp"

#include <algorithm>

namespace pgtool {
namespace {

using Actions = std::vector<Action>;

bool is_temporary(const Node& range) {
  return range.text("relpersistence") == "t" || range.text("schemaname") == "pg_temp";
}

void create_table(const Node& written, Actions& actions) {
  const auto foreign = written["base_stmt"];
  const auto statement = foreign ? foreign : written;
  action::CreateTable create;
  create.table = relation_of(statement["relation"]);
  create.if_not_exists = statement.truth("if_not_exists");
  create.temporary = is_temporary(statement["relation"]);
  create.drops_on_commit = statement.choice("oncommit") == "ONCOMMIT_DROP";
  create.partitioned = static_cast<bool>(statement["partspec"]);
  if (statement["partbound"]) {
    const auto parents = statement.list("inh_relations");
    create.parent = parents.empty() ? Relation{} : relation_of(parents.front());
    create.as_default = statement["partbound"].truth("is_default");
  }
  for (const auto& element : statement.list("table_elts")) {
    if (element.is("ColumnDef")) {
      create.columns.push_back(column_of_definition(element));
    } else if (element.is("Constraint") && is_table_constraint(element)) {
      create.constraints.push_back(constraint_of_definition(element));
    }
  }
  actions.push_back(std::move(create));
}

void create_table_as(const Node& statement, Actions& actions) {
  const auto into = statement["into"];
  action::CreateTable create;
  create.table = relation_of(into["rel"]);
  create.if_not_exists = statement.truth("if_not_exists");
  create.temporary = is_temporary(into["rel"]);
  create.drops_on_commit = into.choice("on_commit") == "ONCOMMIT_DROP";
  create.from_query = true;
  actions.push_back(std::move(create));
}

void create_index(const Node& statement, Actions& actions) {
  action::CreateIndex create;
  create.index = statement.text("idxname");
  create.table = relation_of(statement["relation"]);
  create.only = !statement["relation"].truth("inh");
  create.unique = statement.truth("unique");
  create.concurrently = statement.truth("concurrent");
  create.if_not_exists = statement.truth("if_not_exists");
  create.method = statement.text("access_method");
  for (const auto& element : statement.list("index_params")) {
    create.columns.emplace_back(element.text("name"));
  }
  actions.push_back(std::move(create));
}

void rename(const Node& statement, Actions& actions) {
  auto table = relation_of(statement["relation"]);
  const auto object = statement["object"];
  if (table.name.empty() && object.is("List")) {
    table = named_relation(object);
  } else if (table.name.empty()) {
    table.name = object ? object.text("sval") : statement.text("subname");
  }
  actions.push_back(action::Rename{object_kind_of(statement.choice("rename_type")),
                                   std::move(table), std::string(statement.text("subname")),
                                   std::string(statement.text("newname"))});
}

void move_to_schema(const Node& statement, Actions& actions) {
  auto object = relation_of(statement["relation"]);
  if (object.name.empty()) {
    object = named_relation(statement["object"]);
  }
  actions.push_back(action::MoveToSchema{object_kind_of(statement.choice("object_type")),
                                         std::move(object),
                                         std::string(statement.text("newschema"))});
}

/// Of a trigger or policy the table is not asked for.
Relation dropped_object(const Node& object) {
  if (object.is("List")) {
    return named_relation(object);
  }
  if (object.is("TypeName")) {
    return relation_of_words(object.list("names"));
  }
  if (object.is("ObjectWithArgs")) {
    return relation_of_words(object.list("objname"));
  }
  return {"", std::string(object.text("sval"))};
}

void drop(const Node& statement, Actions& actions) {
  action::Drop dropped;
  dropped.kind = object_kind_of(statement.choice("remove_type"));
  dropped.concurrently = statement.truth("concurrent");
  dropped.cascade = statement.choice("behavior") == "DROP_CASCADE";
  for (const auto& object : statement.list("objects")) {
    dropped.objects.push_back(dropped_object(object));
  }
  actions.push_back(std::move(dropped));
}

void drop_database(const Node& statement, Actions& actions) {
  action::Drop dropped;
  dropped.kind = "DATABASE";
  dropped.objects.push_back({"", std::string(statement.text("dbname"))});
  actions.push_back(std::move(dropped));
}

std::vector<Relation> relations_of(const std::vector<Node>& ranges) {
  std::vector<Relation> relations;
  std::transform(ranges.begin(), ranges.end(), std::back_inserter(relations), relation_of);
  return relations;
}

void truncate(const Node& statement, Actions& actions) {
  actions.push_back(action::Truncate{relations_of(statement.list("relations")),
                                     statement.choice("behavior") == "DROP_CASCADE"});
}

void reindex(const Node& statement, Actions& actions) {
  constexpr std::string_view prefix = "REINDEX_OBJECT_";
  auto kind = std::string(statement.choice("kind"));
  kind.erase(0, kind.starts_with(prefix) ? prefix.size() : 0);
  auto object = relation_of(statement["relation"]);
  if (object.name.empty()) {
    object.name = statement.text("name");
  }
  actions.push_back(action::Reindex{std::move(kind), std::move(object),
                                    has_option(statement.list("params"), "concurrently")});
}

void vacuum(const Node& statement, Actions& actions) {
  action::Vacuum vacuum;
  for (const auto& relation : statement.list("rels")) {
    vacuum.tables.push_back(relation_of(relation["relation"]));
  }
  vacuum.full = has_option(statement.list("options"), "full");
  vacuum.analyzes_only = !statement.truth("is_vacuumcmd");
  actions.push_back(std::move(vacuum));
}

/// ALTER TABLE ALL IN TABLESPACE … SET TABLESPACE: no table has a name there.
void move_all(const Node& statement, Actions& actions) {
  actions.push_back(action::SetTablespace{{}, std::string(statement.text("new_tablespacename"))});
}

void cluster(const Node& statement, Actions& actions) {
  actions.push_back(action::Cluster{relation_of(statement["relation"])});
}

void refresh(const Node& statement, Actions& actions) {
  actions.push_back(action::RefreshView{relation_of(statement["relation"]),
                                        statement.truth("concurrent"),
                                        statement.truth("skip_data")});
}

void lock(const Node& statement, Actions& actions) {
  // The parser counts the modes from 1.
  const auto mode = std::clamp<std::int64_t>(statement.number("mode"), 1, 8) - 1;
  actions.push_back(action::LockTable{relations_of(statement.list("relations")),
                                      static_cast<LockMode>(mode), statement.truth("nowait")});
}

void create_trigger(const Node& statement, Actions& actions) {
  actions.push_back(action::CreateTrigger{relation_of(statement["relation"]),
                                          std::string(statement.text("trigname"))});
}

void create_domain(const Node& statement, Actions& actions) {
  const auto constraints = statement.list("constraints");
  actions.push_back(action::CreateDomain{
      relation_of_words(statement.list("domainname")),
      std::any_of(constraints.begin(), constraints.end(), [](const Node& constraint) {
        return constraint.choice("contype") == "CONSTR_CHECK" ||
               constraint.choice("contype") == "CONSTR_NOTNULL";
      })});
}

void alter_domain(const Node& statement, Actions& actions) {
  const auto domain = relation_of_words(statement.list("type_name"));
  const auto kind = statement.text("subtype");
  if (kind == "C") {
    actions.push_back(
        action::AddDomainConstraint{domain, statement["def"].truth("skip_validation"), false});
  } else if (kind == "O") {
    actions.push_back(action::AddDomainConstraint{domain, false, true});
  } else if (kind == "V") {
    actions.push_back(action::ValidateDomainConstraint{domain});
  }
}

void create_enum(const Node& statement, Actions& actions) {
  actions.push_back(action::CreateEnum{relation_of_words(statement.list("type_name"))});
}

void alter_enum(const Node& statement, Actions& actions) {
  const auto type = relation_of_words(statement.list("type_name"));
  const auto old_value = std::string(statement.text("old_val"));
  auto value = std::string(statement.text("new_val"));
  if (old_value.empty()) {
    actions.push_back(action::AddEnumValue{type, std::move(value)});
  } else {
    actions.push_back(action::Rename{"ENUM VALUE", type, old_value, std::move(value)});
  }
}

} // namespace

std::string object_kind_of(std::string_view choice) {
  constexpr std::string_view prefix = "OBJECT_";
  auto kind = std::string(choice);
  kind.erase(0, kind.starts_with(prefix) ? prefix.size() : 0);
  std::replace(kind.begin(), kind.end(), '_', ' ');
  return kind;
}

const StatementReaders& object_readers() {
  static const StatementReaders table{
      {"AlterDomainStmt", alter_domain},
      {"AlterEnumStmt", alter_enum},
      {"AlterObjectSchemaStmt", move_to_schema},
      {"AlterTableMoveAllStmt", move_all},
      {"AlterTableStmt", read_alter_table},
      {"ClusterStmt", cluster},
      {"CreateDomainStmt", create_domain},
      {"CreateEnumStmt", create_enum},
      {"CreateForeignTableStmt", create_table},
      {"CreateStmt", create_table},
      {"CreateTableAsStmt", create_table_as},
      {"CreateTrigStmt", create_trigger},
      {"DropStmt", drop},
      {"DropdbStmt", drop_database},
      {"IndexStmt", create_index},
      {"LockStmt", lock},
      {"RefreshMatViewStmt", refresh},
      {"ReindexStmt", reindex},
      {"RenameStmt", rename},
      {"TruncateStmt", truncate},
      {"VacuumStmt", vacuum},
  };
  return table;
}

} // namespace pgtool
