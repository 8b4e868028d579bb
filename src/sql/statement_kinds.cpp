#include "sql/statement_kinds.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace pgtool {
namespace {

/// The one relation that most statements name.
template <LockMode mode> void lock_relation(LockCollector& collector, const Value& statement) {
  collector.lock(relation_of(statement["relation"]), mode);
}

template <LockMode mode> void lock_table(LockCollector& collector, const Value& statement) {
  collector.lock(relation_of(statement["table"]), mode);
}

template <LockMode mode> void lock_relations(LockCollector& collector, const Value& statement) {
  for (const auto& relation : statement["relations"].elements()) {
    collector.lock(relation_of(relation["RangeVar"]), mode);
  }
}

void is_opaque(LockCollector& collector, const Value& /*statement*/) { collector.not_understood(); }

void is_outside(LockCollector& collector, const Value& /*statement*/) {
  collector.result().outside_transactions = true;
}

/// `(concurrently false)` is written out by some tools.
bool is_off(const Value& argument) {
  const auto word = lower(argument["String"]["sval"].text());
  return word == "false" || word == "off" ||
         (!argument["Integer"].is_null() && argument["Integer"]["ival"].number() == 0) ||
         (!argument["Boolean"].is_null() && !argument["Boolean"]["boolval"].truth());
}

bool has_option(const Value& options, std::string_view name) {
  return std::any_of(
      options.elements().begin(), options.elements().end(), [&](const Value& option) {
        return option["DefElem"]["defname"].text() == name && !is_off(option["DefElem"]["arg"]);
      });
}

/// With IF NOT EXISTS it may be an old one.
void create(LockCollector& collector, const Value& statement, const Value& relation) {
  if (!statement["if_not_exists"].truth()) {
    collector.create(relation_of(relation));
  }
}

void create_table(LockCollector& collector, const Value& statement) {
  const auto& table = statement["base"].is_null() ? statement : statement["base"]; // foreign tables
  create(collector, table, table["relation"]);
  const auto of_parent =
      table["partbound"].is_null() ? LockMode::share_update_exclusive : LockMode::access_exclusive;
  for (const auto& parent : table["inhRelations"].elements()) {
    collector.lock(relation_of(parent["RangeVar"]), of_parent);
  }
  for (const auto& element : table["tableElts"].elements()) {
    collect_references(collector, element["ColumnDef"]["constraints"]);
    collect_references(collector, Value(Value::Array{element}));
  }
  collect_references(collector, table["constraints"]);
}

void create_table_as(LockCollector& collector, const Value& statement) {
  create(collector, statement, statement["into"]["rel"]);
}

void create_view(LockCollector& collector, const Value& statement) {
  if (statement["replace"].truth()) {
    collector.lock(relation_of(statement["view"]), LockMode::access_exclusive);
  } else {
    collector.create(relation_of(statement["view"]));
  }
}

void create_sequence(LockCollector& collector, const Value& statement) {
  create(collector, statement, statement["sequence"]);
}

void alter_sequence(LockCollector& collector, const Value& statement) {
  collector.lock(relation_of(statement["sequence"]), LockMode::share_row_exclusive);
}

void create_index(LockCollector& collector, const Value& statement) {
  const auto table = relation_of(statement["relation"]);
  const bool concurrently = statement["concurrent"].truth();
  collector.lock(table, concurrently ? LockMode::share_update_exclusive : LockMode::share);
  const Relation index{table.schema, statement["idxname"].text()};
  auto& result = collector.result();
  if (concurrently) {
    result.outside_transactions = true;
    result.concurrent_index = index;
    result.concurrent_table = table;
  } else if (!index.name.empty() && !statement["if_not_exists"].truth()) {
    collector.create(index);
  }
}

/// A REINDEX takes SHARE on the table alone, but whoever plans a query needs the index, too.
void reindex(LockCollector& collector, const Value& statement) {
  const auto kind = statement["kind"].text();
  if (kind != "REINDEX_OBJECT_INDEX" && kind != "REINDEX_OBJECT_TABLE") {
    is_outside(collector, statement);
    return collector.not_understood();
  }
  const bool concurrently = has_option(statement["params"], "concurrently");
  collector.lock(relation_of(statement["relation"]),
                 concurrently ? LockMode::share_update_exclusive : LockMode::access_exclusive,
                 kind == "REINDEX_OBJECT_INDEX");
  collector.result().outside_transactions |= concurrently;
}

void drop(LockCollector& collector, const Value& statement) {
  const auto kind = statement["removeType"].text();
  const bool belongs_to_table =
      kind == "OBJECT_TRIGGER" || kind == "OBJECT_RULE" || kind == "OBJECT_POLICY";
  const bool is_relation = kind == "OBJECT_TABLE" || kind == "OBJECT_INDEX" ||
                           kind == "OBJECT_VIEW" || kind == "OBJECT_MATVIEW" ||
                           kind == "OBJECT_SEQUENCE" || kind == "OBJECT_FOREIGN_TABLE";
  if (!belongs_to_table && !is_relation) {
    const bool reaches_tables = statement["behavior"].text() == "DROP_CASCADE" ||
                                kind == "OBJECT_SCHEMA" || kind == "OBJECT_EXTENSION";
    return reaches_tables ? collector.not_understood() : void();
  }
  const bool concurrently = statement["concurrent"].truth();
  for (const auto& object : statement["objects"].elements()) {
    collector.lock(named_relation(object, belongs_to_table ? 1 : 0),
                   concurrently ? LockMode::share_update_exclusive : LockMode::access_exclusive,
                   kind == "OBJECT_INDEX");
  }
  collector.result().outside_transactions |= concurrently;
}

void rename(LockCollector& collector, const Value& statement) {
  const bool is_index = statement["renameType"].text() == "OBJECT_INDEX"; // since PostgreSQL 12
  collector.lock(relation_of(statement["relation"]),
                 is_index ? LockMode::share_update_exclusive : LockMode::access_exclusive,
                 is_index);
}

/// Of an extension, it moves whatever belongs to it.
void move_to_schema(LockCollector& collector, const Value& statement) {
  if (statement["objectType"].text() == "OBJECT_EXTENSION") {
    return collector.not_understood();
  }
  collector.lock(relation_of(statement["relation"]), LockMode::access_exclusive);
}

void create_trigger(LockCollector& collector, const Value& statement) {
  collector.lock(relation_of(statement["relation"]), LockMode::share_row_exclusive);
  collector.lock(relation_of(statement["constrrel"]), LockMode::share_row_exclusive);
}

void comment(LockCollector& collector, const Value& statement) {
  const auto kind = statement["objtype"].text();
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

void vacuum(LockCollector& collector, const Value& statement) {
  const bool rewrites = has_option(statement["options"], "full");
  for (const auto& element : statement["rels"].elements()) {
    collector.lock(relation_of(element["VacuumRelation"]["relation"]),
                   rewrites ? LockMode::access_exclusive : LockMode::share_update_exclusive);
  }
  if (rewrites && statement["rels"].elements().empty()) {
    collector.not_understood();
  }
  collector.result().outside_transactions |= statement["is_vacuumcmd"].truth();
}

void cluster(LockCollector& collector, const Value& statement) {
  if (statement["relation"].is_null()) {
    is_outside(collector, statement);
    return collector.not_understood();
  }
  collector.lock(relation_of(statement["relation"]), LockMode::access_exclusive);
}

void refresh(LockCollector& collector, const Value& statement) {
  collector.lock(relation_of(statement["relation"]), statement["concurrent"].truth()
                                                         ? LockMode::exclusive
                                                         : LockMode::access_exclusive);
}

void lock_as_written(LockCollector& collector, const Value& statement) {
  // The parser counts the modes from 1.
  const auto number = std::clamp<std::int64_t>(statement["mode"].number(8), 1, 8) - 1;
  for (const auto& relation : statement["relations"].elements()) {
    collector.lock(relation_of(relation["RangeVar"]), static_cast<LockMode>(number));
  }
}

void publish(LockCollector& collector, const Value& statement) {
  for (const auto& object : statement["pubobjects"].elements()) {
    collector.lock(relation_of(object["PublicationObjSpec"]["pubtable"]["relation"]),
                   LockMode::share_update_exclusive);
  }
}

void set(LockCollector& collector, const Value& statement) {
  const bool all = statement["kind"].text() == "VAR_RESET_ALL";
  collector.result().sets.push_back(all ? "all" : lower(statement["name"].text()));
}

void discard(LockCollector& collector, const Value& statement) {
  if (statement["target"].text("DISCARD_ALL") == "DISCARD_ALL") {
    collector.result().sets.emplace_back("all");
    collector.result().outside_transactions = true;
  }
}

void control(LockCollector& collector, const Value& /*statement*/) {
  collector.result().controls_transaction = true;
}

void copy(LockCollector& collector, const Value& statement) {
  if (statement["is_from"].truth()) {
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
