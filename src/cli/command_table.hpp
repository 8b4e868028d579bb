#pragma once

#include "cli/command.hpp"
#include "cli/option.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pgtool {

/// What stood on the command line that is no option of pgtool.
struct Rest {
  std::vector<std::string> words; ///< in order; unknown options among them
  std::vector<std::string> more;  ///< after the first `--`
};

/// One command, as the command line sees it.
struct CommandSpec {
  std::string_view name;
  std::string_view usage;   ///< what follows "pgtool NAME"
  std::string_view summary; ///< one line
  std::string_view text;    ///< the paragraphs of its help
  std::span<const OptionSpec> options;
  std::string_view examples; ///< lines
  /// It runs the project over a proved route: the options of route_options() belong to it.
  bool routed = false;
  /// Words and unknown options are Django's business, not errors.
  bool hands_on = false;
  /// The first word, and everything behind it, is another command's.
  bool hands_on_all = false;
  /// Checks what belongs together and makes the command.
  Command (*finish)(Draft draft, Rest rest) = nullptr;
};

std::span<const OptionSpec> common_options();
/// What the commands that run the project have in common.
std::span<const OptionSpec> route_options();
/// Takes those options; throws Error(Failure::usage) where they contradict each other.
RouteOptions taken_route(const Draft& draft);

const CommandSpec& detect_command();
const CommandSpec& migrate_command();
const CommandSpec& manage_command();

/// All commands, in the order in which help lists them.
std::span<const CommandSpec* const> command_table();

/// The command's own options, those of its route, then the common ones.
std::vector<const OptionSpec*> all_options(const CommandSpec& command);

/// The command of that name. Throws Error(Failure::usage) with the nearest name as its hint.
const CommandSpec& find_command(std::string_view name);

} // namespace pgtool
