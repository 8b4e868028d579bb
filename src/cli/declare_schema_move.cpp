#include "cli/command_table.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/take.hpp"
#include "commands/move_rules.hpp"

#include <array>
#include <fmt/core.h>

namespace pgtool {
namespace {

constexpr std::array<std::string_view, 3> strategies = {"expand", "pause", "offline"};

void take_strategy(Draft& draft, const Given& given) {
  const auto& name = choice_of(given, strategies);
  draft.schema_move.strategy = name == "expand"  ? MoveStrategy::expand
                               : name == "pause" ? MoveStrategy::pause
                                                 : MoveStrategy::offline;
}

void add_words(std::vector<std::string>& all, const Given& given) {
  for (const auto& value : given.values) {
    for (const auto& word : split(value, ',')) {
      if (trim(word).empty()) {
        throw Error(Failure::usage, given.source + ": expected a pattern, such as 'shop_*'");
      }
      const auto bracket = word.find('[');
      if (bracket != std::string::npos && word.find(']', bracket + 1) == std::string::npos) {
        throw Error(Failure::usage, given.source + ": expected ] after [ in '" + word + "'");
      }
      all.emplace_back(trim(word));
    }
  }
}

void take_action(Draft& draft, const Given& given, MoveAction action) {
  if (!truth_of(given)) {
    return;
  }
  if (draft.schema_move.action != MoveAction::apply) {
    throw Error(Failure::usage, "--plan, --verify and --finish exclude each other");
  }
  draft.schema_move.action = action;
}

constexpr std::array options = {
    OptionSpec{"--to", "SCHEMA", "", "schema-move.to", "Schema to move to; it is made when missing",
               Group::command,
               [](Draft& draft, const Given& given) { draft.schema_move.to = given.value(); }},
    OptionSpec{"--from", "SCHEMA", "", "schema-move.from", "Schema to move from (default: public)",
               Group::command,
               [](Draft& draft, const Given& given) {
                 draft.schema_move.from = given.value();
                 draft.schema_move.from_given = true;
               }},
    OptionSpec{
        "--plan", "", "", "", "Print the plan and what objects to it; change nothing",
        Group::command,
        [](Draft& draft, const Given& given) { take_action(draft, given, MoveAction::plan); }},
    OptionSpec{"--yes", "", "", "", "Carry the plan out without asking", Group::command,
               [](Draft& draft, const Given& given) { draft.schema_move.yes = truth_of(given); }},
    OptionSpec{
        "--verify", "", "", "", "Check that everything is where it belongs", Group::command,
        [](Draft& draft, const Given& given) { take_action(draft, given, MoveAction::verify); }},
    OptionSpec{"--undo", "", "", "", "Go back: objects, paths, grants", Group::command,
               [](Draft& draft, const Given& given) { draft.schema_move.undo = truth_of(given); }},
    OptionSpec{
        "--finish", "", "", "", "Forget what --undo needs", Group::command,
        [](Draft& draft, const Given& given) { take_action(draft, given, MoveAction::finish); }},
    OptionSpec{
        "--only", "PATTERN", "", "schema-move.only", "Move only names like this", Group::command,
        [](Draft& draft, const Given& given) { add_words(draft.schema_move.only, given); }, true},
    OptionSpec{
        "--exclude", "PATTERN", "", "schema-move.exclude", "Leave names like this where they are",
        Group::command,
        [](Draft& draft, const Given& given) { add_words(draft.schema_move.exclude, given); },
        true},
    OptionSpec{"--tables-of-django", "", "", "", "Move only the tables of the project's models",
               Group::command,
               [](Draft& draft, const Given& given) {
                 draft.schema_move.tables_of_django = truth_of(given);
               }},
    OptionSpec{"--role", "ROLE", "", "schema-move.roles", "Change the path of this role, too",
               Group::command,
               [](Draft& draft, const Given& given) {
                 draft.schema_move.roles.insert(draft.schema_move.roles.end(), given.values.begin(),
                                                given.values.end());
               },
               true},
    OptionSpec{
        "--cluster-wide", "", "", "", "Change paths for all databases, not for this one only",
        Group::command,
        [](Draft& draft, const Given& given) { draft.schema_move.cluster_wide = truth_of(given); }},
    OptionSpec{"--strategy", "HOW", "", "schema-move.strategy",
               "How requests are kept alive (default: expand)", Group::command, take_strategy,
               false, Completes::choices, strategies},
    OptionSpec{
        "--protect-old", "", "", "", "Revoke CREATE on the old schema at the end", Group::command,
        [](Draft& draft, const Given& given) { draft.schema_move.protect_old = truth_of(given); }},
    OptionSpec{"--lock-timeout", "DURATION", "", "schema-move.lock-timeout",
               "Longest try at a lock (default: a bit over deadlock_timeout)", Group::command,
               [](Draft& draft, const Given& given) {
                 draft.schema_move.lock_timeout = seconds_of(given);
               }},
    OptionSpec{"--move-timeout", "DURATION", "", "schema-move.move-timeout",
               "How long one object is tried (default: 10m)", Group::command,
               [](Draft& draft, const Given& given) {
                 draft.schema_move.move_timeout = seconds_of(given);
               }},
    OptionSpec{"--drain-timeout", "DURATION", "", "schema-move.drain-timeout",
               "How long old sessions are waited for (default: 10m)", Group::command,
               [](Draft& draft, const Given& given) {
                 draft.schema_move.drain_timeout = seconds_of(given);
               }},
    OptionSpec{"--pause-timeout", "DURATION", "", "schema-move.pause-timeout",
               "Longest pause of the pooler (default: 10s)", Group::command,
               [](Draft& draft, const Given& given) {
                 draft.schema_move.pause_timeout = seconds_of(given);
               }},
    OptionSpec{"--terminate-stale", "", "", "", "End idle old sessions; a request may fail by that",
               Group::command,
               [](Draft& draft,
                  const Given& given) { draft.schema_move.terminate_stale = truth_of(given); }},
};

Command finish(Draft draft, Rest) {
  auto& move = draft.schema_move;
  if (move.undo && (move.action == MoveAction::finish || move.action == MoveAction::verify)) {
    throw Error(Failure::usage, "--undo goes with neither --verify nor --finish");
  }
  if (move.yes && (move.action == MoveAction::plan || move.action == MoveAction::verify)) {
    throw Error(Failure::usage, "--yes goes with neither --plan nor --verify",
                "they change nothing, so there is nothing to say yes to");
  }
  if (move.tables_of_django && !draft.common.connect.pooled_url.empty()) {
    throw Error(Failure::usage, "--tables-of-django and --pooled-url exclude each other",
                "the tables of Django are known to a project only");
  }
  for (const auto* name : {&move.to, &move.from}) {
    if (name->size() > 63) {
      throw Error(Failure::usage, fmt::format("the schema name {} is longer than 63 bytes", *name),
                  "PostgreSQL would cut it off");
    }
  }
  move.wait = draft.route.wait;
  move.common = std::move(draft.common);
  return std::move(move);
}

} // namespace

const CommandSpec& schema_move_command() {
  static constexpr std::array<std::string_view, 3> others = {"move-schema", "set-schema", "move"};
  static const CommandSpec command{
      .name = "schema-move",
      .usage = "--to SCHEMA [options]",
      .summary = "Move a live database's objects to a schema of their own",
      .text =
          "Moves tables and everything else from one schema to another and the roles' search_path "
          "along, while requests go on: both schemas are on every path before anything moves, the "
          "pooler's sessions are renewed, each object moves in a short transaction of its own, and "
          "then the old schema leaves the paths. Prints its plan and asks. May be stopped at any "
          "moment: the same command continues. --undo goes all the way back.",
      .options = options,
      .examples =
          "pgtool schema-move --to shop --plan\n"
          "pgtool schema-move --to shop --console-url postgresql://admin@pool:6432/pgbouncer\n"
          "pgtool schema-move --to shop --yes --role reporting --protect-old\n"
          "pgtool schema-move --verify\n"
          "pgtool schema-move --undo",
      .waits = true,
      .rules = move_rules,
      .finish = finish,
      .other_names = others,
  };
  return command;
}

} // namespace pgtool
