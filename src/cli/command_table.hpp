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
  /// What its man page says below the table of exit statuses, which is about all commands.
  std::string_view statuses = {};
  /// It runs the project over a proved route: the options of route_options() belong to it.
  bool routed = false;
  /// It judges by the table of rules: the options of judging_options() belong to it.
  bool judges = false;
  /// It looks at a deployment: the options of examining_options() belong to it.
  bool examines = false;
  /// It takes the deploy lock: the options of waiting_options() belong to it.
  bool waits = false;
  /// Words and unknown options are Django's business, not errors.
  bool hands_on = false;
  /// The first word, and everything behind it, is another command's.
  bool hands_on_all = false;
  /// Values of --format that only this command has.
  Choices formats = {};
  /// Rules that --accept takes besides what it takes everywhere.
  Choices rules = {};
  /// What its words are. Without `hands_on` and with nothing here, words are errors.
  Completes words = Completes::nothing;
  /// Checks what belongs together and makes the command.
  Command (*finish)(Draft draft, Rest rest) = nullptr;
  /// In place of `finish`, for a command about pgtool itself: it reads no pgtool.yaml, has none of
  /// the common options but the general ones, and returns what is printed.
  std::string (*print)(const Rest& rest) = nullptr;
  /// What others call such a command, for the hint to who types that.
  Choices other_names = {};

  [[nodiscard]] bool is_about_pgtool() const { return print != nullptr; }
};

std::span<const OptionSpec> common_options();
/// What the commands that run the project have in common.
std::span<const OptionSpec> route_options();
/// What the commands that judge by the table of rules have in common.
std::span<const OptionSpec> judging_options();
/// What the commands that look at a deployment have in common.
std::span<const OptionSpec> examining_options();
/// The options of both when they fit each other; throws Error(Failure::usage) when they do not.
CheckOptions checked_judging(CheckOptions options);
/// What the commands that take the deploy lock have in common.
std::span<const OptionSpec> waiting_options();
/// Takes those options; throws Error(Failure::usage) where they contradict each other.
RouteOptions taken_route(const Draft& draft);

const CommandSpec& detect_command();
const CommandSpec& migrate_command();
const CommandSpec& manage_command();
const CommandSpec& endpoint_command();
const CommandSpec& schema_move_command();
const CommandSpec& check_command();
const CommandSpec& preflight_command();
const CommandSpec& lint_command();
const CommandSpec& explain_command();
const CommandSpec& generate_command();

/// All commands, in the order in which help lists them.
std::span<const CommandSpec* const> command_table();

/// Their names.
std::vector<std::string> command_names();

/// The command's own options, those of its route, then the common ones that it has.
std::vector<const OptionSpec*> all_options(const CommandSpec& command);

/// The common options, then each command's own.
std::vector<const OptionSpec*> options_of_all_commands();

/// All values that this option of the command takes; empty: any.
std::vector<std::string> choices_of(const CommandSpec& command, const OptionSpec& option);

/// A description with the choices after it: "Colours: auto, always, never".
std::string described(std::string_view description, const std::vector<std::string>& choices);
/// That of an option of the command.
std::string described(const CommandSpec& command, const OptionSpec& option);

/// The command of that name. Throws Error(Failure::usage) with the nearest name as its hint.
const CommandSpec& find_command(std::string_view name);

} // namespace pgtool
