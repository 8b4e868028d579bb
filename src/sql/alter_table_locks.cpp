#include "sql/parsed_statement.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace pgtool {
namespace {

template <std::size_t size>
bool is_one_of(std::string_view word, const std::array<std::string_view, size>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// AlterTableGetLockLevel() in tablecmds.c of PostgreSQL 15 to 18.
constexpr std::array<std::string_view, 7> update_exclusive{
    "AT_SetStatistics", "AT_ClusterOn",          "AT_DropCluster",    "AT_SetOptions",
    "AT_ResetOptions",  "AT_ValidateConstraint", "AT_AttachPartition"};
constexpr std::array<std::string_view, 8> row_exclusive{
    "AT_EnableTrig",     "AT_EnableAlwaysTrig", "AT_EnableReplicaTrig", "AT_EnableTrigAll",
    "AT_EnableTrigUser", "AT_DisableTrig",      "AT_DisableTrigAll",    "AT_DisableTrigUser"};

Node constraint_of(const Node& command) { return command["def"].as("Constraint"); }

bool is_foreign_key(const Node& constraint) {
  return constraint.choice("contype") == "CONSTR_FOREIGN";
}

/// The lock level of each storage parameter stands in reloptions.c.
LockMode storage_mode(const Node& command, bool is_table) {
  constexpr std::array<std::string_view, 4> harmful{"user_catalog_table", "fastupdate",
                                                    "gin_pending_list_limit", "autosummarize"};
  const auto options = command["def"].as("List").list("items");
  const bool harmless =
      is_table && std::none_of(options.begin(), options.end(), [&](const Node& option) {
        return is_one_of(option.as("DefElem").text("defname"), harmful);
      });
  return harmless ? LockMode::share_update_exclusive : LockMode::access_exclusive;
}

LockMode mode_of(const Node& command, bool is_table) {
  const auto kind = command.choice("subtype");
  if (is_one_of(kind, update_exclusive)) {
    return LockMode::share_update_exclusive;
  }
  if (kind == "AT_DetachPartition" && command["def"].as("PartitionCmd").truth("concurrent")) {
    return LockMode::share_update_exclusive;
  }
  if (kind == "AT_SetRelOptions" || kind == "AT_ResetRelOptions") {
    return storage_mode(command, is_table);
  }
  const bool adds_key = kind == "AT_AddConstraint" && is_foreign_key(constraint_of(command));
  return adds_key || is_one_of(kind, row_exclusive) ? LockMode::share_row_exclusive
                                                    : LockMode::access_exclusive;
}

/// Relations that a subcommand names beside the table itself.
void collect_others(LockCollector& collector, const Node& command) {
  const auto definition = command["def"];
  if (is_foreign_key(definition.as("Constraint"))) {
    collector.lock(relation_of(definition.as("Constraint")["pktable"]),
                   LockMode::share_row_exclusive);
  }
  collect_references(collector, definition.as("ColumnDef").list("constraints"));
  const auto partition = definition.as("PartitionCmd");
  if (partition) { // of a detached one, CONCURRENTLY asks for it in its second part
    collector.lock(relation_of(partition["name"]), LockMode::access_exclusive);
    if (partition.truth("concurrent")) {
      collector.result().outside_transactions = true;
    }
  }
  const auto kind = command.choice("subtype");
  if (kind == "AT_AddInherit" || kind == "AT_DropInherit") {
    collector.lock(relation_of(definition.as("RangeVar")), LockMode::share_update_exclusive);
  }
}

} // namespace

void collect_references(LockCollector& collector, const std::vector<Node>& constraints) {
  for (const auto& element : constraints) {
    if (is_foreign_key(element.as("Constraint"))) {
      collector.lock(relation_of(element.as("Constraint")["pktable"]),
                     LockMode::share_row_exclusive);
    }
  }
}

void collect_alter_table(LockCollector& collector, const Node& statement) {
  const auto kind = statement.choice("objtype");
  const bool is_index = kind == "OBJECT_INDEX";
  auto mode = LockMode::share_update_exclusive;
  for (const auto& element : statement.list("cmds")) {
    const auto command = element.as("AlterTableCmd");
    mode = std::max(mode, mode_of(command, is_index || kind == "OBJECT_TABLE"));
    collect_others(collector, command);
  }
  collector.lock(relation_of(statement["relation"]), mode, is_index);
}

} // namespace pgtool
