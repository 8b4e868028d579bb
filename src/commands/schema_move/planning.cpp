#include "commands/schema_move/planning.hpp"

#include "base/error.hpp"
#include "commands/schema_move/grants.hpp"
#include "commands/schema_move/inventory.hpp"
#include "commands/schema_move/move_roles.hpp"
#include "plan/written_table.hpp"
#include "sql/quote.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace pgtool {
namespace {

constexpr const char* built_in_path = "\"$user\", public";

bool is_system_schema(const std::string& name) {
  return name.starts_with("pg_") || name == "information_schema" || name == "pgtool";
}

void expect_schema(Connection& session, const std::string& name) {
  if (session.query("select 1 from pg_namespace where nspname = $1", {name}).size() == 0) {
    throw Error(Failure::usage,
                fmt::format("no schema {} in this database", quote_identifier(name)),
                "--from names the schema that is to be emptied");
  }
}

/// The schemas of the move: as the record says, or as was asked.
SchemaPair schemas_of(const SchemaMoveOptions& options, const Ledger& ledger) {
  if (!ledger.exists) {
    if (options.to.empty()) {
      throw Error(Failure::usage, "--to is missing: the schema to move to",
                  "pgtool schema-move --to shop");
    }
    return {options.from, options.to};
  }
  const auto& known = ledger.schemas;
  const bool other_target = !options.to.empty() && options.to != known.target;
  const bool other_source = options.from_given && options.from != known.source;
  if (other_target || other_source) {
    throw Error(Failure::usage,
                fmt::format("a move from schema {} to {} was begun here and is not finished",
                            quote_identifier(known.source), quote_identifier(known.target)),
                "continue it, or end it with --finish or --undo, before another one begins");
  }
  return known;
}

void expect_sound(const SchemaPair& schemas) {
  if (schemas.source == schemas.target) {
    throw Error(Failure::usage, "--to and --from are the same schema",
                "--to names the schema to move to");
  }
  for (const auto& name : {schemas.source, schemas.target}) {
    if (is_system_schema(name)) {
      throw Error(Failure::usage,
                  fmt::format("schema {} belongs to the system", quote_identifier(name)),
                  "move to or from a schema of your own");
    }
  }
}

void take_server_path(const std::optional<std::string>& seen, MoveOutline& outline) {
  const auto& recorded = outline.ledger.server_path;
  outline.server_path = recorded ? *recorded : seen.value_or(built_in_path);
  outline.server_path_assumed = !recorded && !seen;
}

} // namespace

NameFilter filter_of(const SchemaMoveOptions& options, const Ledger& ledger,
                     const std::optional<ProjectModels>& models) {
  const bool says_nothing =
      options.only.empty() && options.exclude.empty() && !options.tables_of_django;
  const bool looks_only =
      options.action == MoveAction::verify || options.action == MoveAction::finish;
  const bool recorded = says_nothing && looks_only && ledger.exists;
  NameFilter filter{recorded ? ledger.only : options.only,
                    recorded ? ledger.exclude : options.exclude, std::nullopt};
  if ((recorded ? ledger.tables_of_django : options.tables_of_django) && models) {
    filter.listed.emplace();
    for (const auto& table : models->tables) {
      filter.listed->insert(written_table(table.table).name);
    }
  }
  return filter;
}

SchemaInventory current_inventory(Connection& session, const MovePlan& plan, const Ledger& ledger,
                                  const NameFilter& filter) {
  if (!plan.undo) {
    return read_inventory(session, plan.emptied(), filter);
  }
  // What was in the target before stays there. All else goes back, what was made there since, too:
  // the old paths would not lead to it.
  auto inventory = read_inventory(session, plan.emptied(), {});
  auto& objects = inventory.objects;
  const auto kept = std::stable_partition(objects.begin(), objects.end(), [&](const auto& one) {
    return !ledger.residents.contains({one.catalog, one.oid});
  });
  for (auto object = kept; object != objects.end(); ++object) {
    inventory.staying.push_back(
        {std::string(object->kind->type), object->identity, "there before the move"});
  }
  objects.erase(kept, objects.end());
  return inventory;
}

/// A pattern that fits nothing, here or where it may have moved before, is most likely misspelt.
void expect_matches(SchemaInventory inventory, const SchemaInventory& target,
                    const NameFilter& filter) {
  inventory.objects.insert(inventory.objects.end(), target.objects.begin(), target.objects.end());
  for (const auto& pattern : filter.only) {
    const NameFilter one{{pattern}, {}, std::nullopt};
    const bool fits = std::any_of(inventory.objects.begin(), inventory.objects.end(),
                                  [&](const auto& object) { return one.takes(object.name); });
    if (!fits) {
      throw Error(Failure::usage,
                  fmt::format("--only: nothing that could move is named like '{}'", pattern),
                  "patterns are those of a shell, on names without their schema");
    }
  }
}

MoveOutline make_outline(const SchemaMoveOptions& options, MoveGround& ground,
                         const NameFilter& filter, const std::optional<std::string>& server_path) {
  auto& session = ground.connection();
  MoveOutline outline{read_ledger(session), RoleSettings::read(session), {}, "", false};
  const auto& ledger = outline.ledger;
  auto& plan = outline.plan;
  plan.schemas = schemas_of(options, ledger);
  expect_sound(plan.schemas);
  expect_schema(session, plan.schemas.source);
  plan.undo = options.undo;
  plan.cluster_wide = ledger.exists ? ledger.cluster_wide : options.cluster_wide;
  plan.strategy = options.strategy;
  plan.database = ground.chosen().survey.direct->session.facts().database;
  plan.inventory = current_inventory(session, plan, ledger, filter);
  if (!ledger.exists && !plan.undo && options.action != MoveAction::verify) {
    expect_matches(plan.inventory, read_inventory(session, plan.filled(), {}), filter);
  }
  plan.keep_source = plan.cluster_wide || (!plan.undo && !plan.inventory.staying.empty());
  take_server_path(server_path, outline);
  plan.roles = find_role_moves(options, ground, outline.settings, ledger, outline.server_path);
  if (!plan.undo) {
    plan_grants(session, plan, ground.chosen().role);
    if (options.protect_old) {
      plan_revokes(session, plan);
    }
  }
  return outline;
}

} // namespace pgtool
