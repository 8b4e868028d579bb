#include "cli/command_table.hpp"

namespace pgtool {
namespace {

Command finish(Draft draft, Rest) {
  PreflightOptions preflight;
  preflight.check = checked_judging(std::move(draft.check));
  preflight.common = std::move(draft.common);
  preflight.check.common = preflight.common;
  return preflight;
}

} // namespace

const CommandSpec& preflight_command() {
  static const CommandSpec command{
      .name = "preflight",
      .usage = "[options]",
      .summary = "Everything a deploy should know, for CI; changes nothing",
      .text = "In one run with one start of the project: what stands before the database and where "
              "PostgreSQL itself is (detect), what breaks behind it (check), and what migrate "
              "would do: the migrations, their statements and what is wrong with them (lint), the "
              "locks they take and the size of what is locked. Every session that the project "
              "opens on PostgreSQL is read-only "
              "(default_transaction_read_only), unless its own code sets that off, and pgtool only "
              "reads, so it may be pointed at production. The last line says ready, or why not.",
      .options = {},
      .examples = "pgtool preflight\n"
                  "pgtool preflight --offline\n"
                  "pgtool preflight --format junit --output preflight.xml",
      .judges = true,
      .examines = true,
      .finish = finish,
  };
  return command;
}

} // namespace pgtool
