#include "cli/command_table.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/shown.hpp"

#include <algorithm>
#include <array>

namespace pgtool {
namespace {

std::optional<std::string> meant_command(std::string_view name,
                                         const std::vector<std::string>& names) {
  for (const auto* command : command_table()) {
    const auto& others = command->other_names;
    if (std::find(others.begin(), others.end(), name) != others.end()) {
      return std::string(command->name);
    }
  }
  return nearest(name, names);
}

} // namespace

std::string long_name(const OptionSpec& option) {
  return std::string(option.flags.substr(option.flags.find_last_of(',') + 1));
}

std::span<const CommandSpec* const> command_table() {
  static const std::array table = {
      &detect_command(),    &migrate_command(),     &manage_command(),
      &endpoint_command(),  &schema_move_command(), &check_command(),
      &preflight_command(), &lint_command(), &explain_command(),     &generate_command()};
  return table;
}

std::vector<std::string> command_names() {
  std::vector<std::string> names;
  for (const auto* command : command_table()) {
    names.emplace_back(command->name);
  }
  return names;
}

std::vector<const OptionSpec*> all_options(const CommandSpec& command) {
  std::vector<const OptionSpec*> options;
  for (const auto& option : command.options) {
    options.push_back(&option);
  }
  if (command.routed) {
    for (const auto& option : route_options()) {
      options.push_back(&option);
    }
  }
  if (command.judges) {
    for (const auto& option : judging_options()) {
      options.push_back(&option);
    }
  }
  if (command.examines) {
    for (const auto& option : examining_options()) {
      options.push_back(&option);
    }
  }
  if (command.waits) {
    for (const auto& option : waiting_options()) {
      options.push_back(&option);
    }
  }
  for (const auto& option : common_options()) {
    if (!command.is_about_pgtool() || option.group == Group::general) {
      options.push_back(&option);
    }
  }
  return options;
}

std::vector<const OptionSpec*> options_of_all_commands() {
  std::vector<const OptionSpec*> options;
  for (const auto shared :
       {common_options(), route_options(), judging_options(), waiting_options()}) {
    for (const auto& option : shared) {
      options.push_back(&option);
    }
  }
  for (const auto* command : command_table()) {
    for (const auto& option : command->options) {
      options.push_back(&option);
    }
  }
  return options;
}

std::vector<std::string> choices_of(const CommandSpec& command, const OptionSpec& option) {
  std::vector<std::string> choices(option.choices.begin(), option.choices.end());
  if (option.completes == Completes::format) {
    choices.insert(choices.end(), command.formats.begin(), command.formats.end());
  }
  if (option.completes == Completes::acceptance) {
    choices.insert(choices.end(), command.rules.begin(), command.rules.end());
  }
  return choices;
}

std::string described(std::string_view description, const std::vector<std::string>& choices) {
  std::string text(description);
  return choices.empty() ? text : text + ": " + join(choices, ", ");
}

std::string described(const CommandSpec& command, const OptionSpec& option) {
  return described(option.description, choices_of(command, option));
}

const CommandSpec& find_command(std::string_view name) {
  for (const auto* command : command_table()) {
    if (command->name == name) {
      return *command;
    }
  }
  const auto names = command_names();
  const auto meant = meant_command(name, names);
  throw Error(Failure::usage, "unknown command '" + shown(name) + "'",
              meant ? "did you mean " + *meant + "?" : "commands: " + join(names, ", "));
}

} // namespace pgtool
