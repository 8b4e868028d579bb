#include "sql/statement_kinds.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace pgtool {
namespace {

/// The one relation that most statements name.
template <LockMode mode> void lock_relation(LockCollector& collector, const Node& statement) {
  collector.lock(relation_of(statement["relation"]), mode);
}

template <LockMode mode> void lock_table(LockCollector& collector, const Node& statement) {
  collector.lock(relation_of(statement["table"]), mode);
}

template <LockMode mode> void lock_relations(LockCollector& collector, const Node& statement) {
  for (const auto& relation : statement.list("relations")) {
    collector.lock(relation_of(relation.as("RangeVar")), mode);
  }
}

void is_opaque(LockCollector& collector, const Node& /*statement*/) { collector.not_understood(); }

void is_outside(LockCollector& collector, const Node& /*statement*/) {
  collector.result().outside_transactions = true;
}

/// With IF NOT EXISTS it may be an old one.
void create(LockCollector& collector, const Node& statement, const Node& relation) {
  if (!statement.truth("if_not_exists")) {
    collector.create(relation_of(relation));
  }
}

void create_table(LockCollector& collector, const Node& statement) {
  const auto foreign = statement["base_stmt"];
  const auto table = foreign ? foreign : statement;
  create(collector, table, table["relation"]);
  const auto of_parent =
      !table["partbound"] ? LockMode::share_update_exclusive : LockMode::access_exclusive;
  for (const auto& parent : table.list("inh_relations")) {
    collector.lock(relation_of(parent.as("RangeVar")), of_parent);
  }
  for (const auto& element : table.list("table_elts")) {
    collect_references(collector, element.as("ColumnDef").list("constraints"));
    collect_references(collector, {element});
  }
  collect_references(collector, table.list("constraints"));
}

void create_table_as(LockCollector& collector, const Node& statement) {
  create(collector, statement, statement["into"]["rel"]);
}

void create_view(LockCollector& collector, const Node& statement) {
  if (statement.truth("replace")) {
    collector.lock(relation_of(statement["view"]), LockMode::access_exclusive);
  } else {
    collector.create(relation_of(statement["view"]));
  }
}

void create_sequence(LockCollector& collector, const Node& statement) {
  create(collector, statement, statement["sequence"]);
}

void alter_sequence(LockCollector& collector, const Node& statement) {
  collector.lock(relation_of(statement["sequence"]), LockMode::share_row_exclusive);
}

void create_index(LockCollector& collector, const Node& statement) {
  const auto table = relation_of(statement["relation"]);
  const bool concurrently = statement.truth("concurrent");
  collector.lock(table, concurrently ? LockMode::share_update_exclusive : LockMode::share);
  const Relation index{table.schema, std::string(statement.text("idxname"))};
  auto& result = collector.result();
  if (concurrently) {
    result.outside_transactions = true;
    result.concurrent_index = index;
    result.concurrent_table = table;
  } else if (!index.name.empty() && !statement.truth("if_not_exists")) {
    collector.create(index);
  }
}

/// A REINDEX takes SHARE on the table alone, but whoever plans a query needs the index, too.
void reindex(LockCollector& collector, const Node& statement) {
  const auto kind = statement.choice("kind");
  if (kind != "REINDEX_OBJECT_INDEX" && kind != "REINDEX_OBJECT_TABLE") {
    is_outside(collector, statement);
    return collector.not_understood();
  }
  const bool concurrently = has_option(statement.list("params"), "concurrently");
  collector.lock(relation_of(statement["relation"]),
                 concurrently ? LockMode::share_update_exclusive : LockMode::access_exclusive,
                 kind == "REINDEX_OBJECT_INDEX");
  collector.result().outside_transactions |= concurrently;
}

void drop(LockCollector& collector, const Node& statement) {
  const auto kind = statement.choice("remove_type");
  const bool belongs_to_table =
      kind == "OBJECT_TRIGGER" || kind == "OBJECT_RULE" || kind == "OBJECT_POLICY";
  const bool is_relation = kind == "OBJECT_TABLE" || kind == "OBJECT_INDEX" ||
                           kind == "OBJECT_VIEW" || kind == "OBJECT_MATVIEW" ||
                           kind == "OBJECT_SEQUENCE" || kind == "OBJECT_FOREIGN_TABLE";
  if (!belongs_to_table && !is_relation) {
    const bool reaches_tables = statement.choice("behavior") == "DROP_CASCADE" ||
                                kind == "OBJECT_SCHEMA" || kind == "OBJECT_EXTENSION";
    return reaches_tables ? collector.not_understood() : void();
  }
  const bool concurrently = statement.truth("concurrent");
  for (const auto& object : statement.list("objects")) {
    collector.lock(named_relation(object, belongs_to_table ? 1 : 0),
                   concurrently ? LockMode::share_update_exclusive : LockMode::access_exclusive,
                   kind == "OBJECT_INDEX");
  }
  collector.result().outside_transactions |= concurrently;
}

void rename(LockCollector& collector, const Node& statement) {
  const bool is_index = statement.choice("rename_type") == "OBJECT_INDEX"; // since PostgreSQL 12
  collector.lock(relation_of(statement["relation"]),
                 is_index ? LockMode::share_update_exclusive : LockMode::access_exclusive,
                 is_index);
}

/// Of an extension, it moves whatever belongs to it.
void move_to_schema(LockCollector& collector, const Node& statement) {
  if (statement.choice("object_type") == "OBJECT_EXTENSION") {
    return collector.not_understood();
  }
  collector.lock(relation_of(statement["relation"]), LockMode::access_exclusive);
}

void create_trigger(LockCollector& collector, const Node& statement) {
  collector.lock(relation_of(statement["relation"]), LockMode::share_row_exclusive);
  collector.lock(relation_of(statement["constrrel"]), LockMode::share_row_exclusive);
}

void comment(LockCollector& collector, const Node& statement) {
  const auto kind = statement.choice("objtype");
  const bool belongs_to_table = kind == "OBJECT_COLUMN" || kind == "OBJECT_TRIGGER" ||
                                kind == "OBJECT_RULE" || kind == "OBJECT_POLICY";
  const bool is_relation = kind == "OBJECT_TABLE" || kind == "OBJECT_VIEW" ||
                           kind == "OBJECT_MATVIEW" || kind == "OBJECT_INDEX" ||
                           kind == "OBJECT_SEQUENCE" || kind == "OBJECT_FOREIGN_TABLE";
  if (belongs_to_table || is_relation) {
    collector.lock(named_relation(statement["object"], belongs_to_table ? 1 : 0),
                   LockMode::share_update_exclusive, kind == "OBJECT_INDEX");
  }
}

void vacuum(LockCollector& collector, const Node& statement) {
  const bool rewrites = has_option(statement.list("options"), "full");
  for (const auto& element : statement.list("rels")) {
    collector.lock(relation_of(element.as("VacuumRelation")["relation"]),
                   rewrites ? LockMode::access_exclusive : LockMode::share_update_exclusive);
  }
  if (rewrites && statement.list("rels").empty()) {
    collector.not_understood();
  }
  collector.result().outside_transactions |= statement.truth("is_vacuumcmd");
}

void cluster(LockCollector& collector, const Node& statement) {
  if (!statement["relation"]) {
    is_outside(collector, statement);
    return collector.not_understood();
  }
  collector.lock(relation_of(statement["relation"]), LockMode::access_exclusive);
}

void refresh(LockCollector& collector, const Node& statement) {
  collector.lock(relation_of(statement["relation"]),
                 statement.truth("concurrent") ? LockMode::exclusive : LockMode::access_exclusive);
}

void lock_as_written(LockCollector& collector, const Node& statement) {
  // The parser counts the modes from 1.
  const auto number = std::clamp<std::int64_t>(statement.number("mode"), 1, 8) - 1;
  for (const auto& relation : statement.list("relations")) {
    collector.lock(relation_of(relation.as("RangeVar")), static_cast<LockMode>(number));
  }
}

void publish(LockCollector& collector, const Node& statement) {
  for (const auto& object : statement.list("pubobjects")) {
    collector.lock(relation_of(object.as("PublicationObjSpec")["pubtable"]["relation"]),
                   LockMode::share_update_exclusive);
  }
}

void set(LockCollector& collector, const Node& statement) {
  const bool all = statement.choice("kind") == "VAR_RESET_ALL";
  collector.result().sets.push_back(all ? "all" : lower(statement.text("name")));
}

void discard(LockCollector& collector, const Node& statement) {
  if (statement.choice("target") == "DISCARD_ALL") {
    collector.result().sets.emplace_back("all");
    collector.result().outside_transactions = true;
  }
}

void control(LockCollector& collector, const Node& /*statement*/) {
  collector.result().controls_transaction = true;
}

void copy(LockCollector& collector, const Node& statement) {
  if (statement.truth("is_from")) {
    lock_relation<LockMode::row_exclusive>(collector, statement);
  }
}

} // namespace

const std::map<std::string_view, CollectLocks>& statement_kinds() {
  static const std::map<std::string_view, CollectLocks> table{
      {"AlterDomainStmt", is_opaque}, // checks every table with such a column
      {"AlterExtensionStmt", is_opaque},
      {"AlterObjectSchemaStmt", move_to_schema},
      {"AlterPolicyStmt", lock_table<LockMode::access_exclusive>},
      {"AlterPublicationStmt", publish},
      {"AlterSeqStmt", alter_sequence},
      {"AlterSystemStmt", is_outside},
      {"AlterTableMoveAllStmt", is_opaque},
      {"AlterTableStmt", collect_alter_table},
      {"CallStmt", is_opaque},
      {"ClusterStmt", cluster},
      {"CommentStmt", comment},
      {"CopyStmt", copy},
      {"CreateForeignTableStmt", create_table},
      {"CreatePolicyStmt", lock_table<LockMode::access_exclusive>},
      {"CreatePublicationStmt", publish},
      {"CreateSeqStmt", create_sequence},
      {"CreateStatsStmt", lock_relations<LockMode::share_update_exclusive>},
      {"CreateStmt", create_table},
      {"CreateTableAsStmt", create_table_as},
      {"CreateTableSpaceStmt", is_outside},
      {"CreateTrigStmt", create_trigger},
      {"CreatedbStmt", is_outside},
      {"DeleteStmt", lock_relation<LockMode::row_exclusive>},
      {"DiscardStmt", discard},
      {"DoStmt", is_opaque},
      {"DropOwnedStmt", is_opaque},
      {"DropStmt", drop},
      {"DropTableSpaceStmt", is_outside},
      {"DropdbStmt", is_outside},
      {"ExecuteStmt", is_opaque},
      {"IndexStmt", create_index},
      {"InsertStmt", lock_relation<LockMode::row_exclusive>},
      {"LockStmt", lock_as_written},
      {"MergeStmt", lock_relation<LockMode::row_exclusive>},
      {"ReassignOwnedStmt", is_opaque},
      {"RefreshMatViewStmt", refresh},
      {"ReindexStmt", reindex},
      {"RenameStmt", rename},
      {"RuleStmt", lock_relation<LockMode::access_exclusive>},
      {"TransactionStmt", control},
      {"TruncateStmt", lock_relations<LockMode::access_exclusive>},
      {"UpdateStmt", lock_relation<LockMode::row_exclusive>},
      {"VacuumStmt", vacuum},
      {"VariableSetStmt", set},
      {"ViewStmt", create_view},
  };
  return table;
}

} // namespace pgtool
