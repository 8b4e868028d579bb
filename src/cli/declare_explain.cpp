#include "cli/command_table.hpp"

namespace pgtool {
namespace {

Command finish(Draft draft, Rest rest) {
  draft.explain.common = std::move(draft.common);
  draft.explain.rules = std::move(rest.words);
  return std::move(draft.explain);
}

} // namespace

const CommandSpec& explain_command() {
  static const CommandSpec command{
      .name = "explain",
      .usage = "[RULE …]",
      .summary = "What a rule means, why, and how to mend what it finds",
      .text = "Tells of each rule what it looks for, why that is a problem, how grave it is in "
              "each pool mode, and the remedy. Without a rule it lists all of them.",
      .options = {},
      .examples = "pgtool explain\n"
                  "pgtool explain server-side-cursors\n"
                  "pgtool explain --format json",
      .words = Completes::rule,
      .finish = finish,
  };
  return command;
}

} // namespace pgtool
