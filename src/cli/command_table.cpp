#include "cli/command_table.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/shown.hpp"

#include <array>

namespace pgtool {

std::string long_name(const OptionSpec& option) {
  return std::string(option.flags.substr(option.flags.find_last_of(',') + 1));
}

std::span<const CommandSpec* const> command_table() {
  static const std::array table = {&detect_command(), &migrate_command(), &manage_command()};
  return table;
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
  for (const auto& option : common_options()) {
    options.push_back(&option);
  }
  return options;
}

const CommandSpec& find_command(std::string_view name) {
  std::vector<std::string> names;
  for (const auto* command : command_table()) {
    if (command->name == name) {
      return *command;
    }
    names.emplace_back(command->name);
  }
  const auto meant = nearest(name, names);
  throw Error(Failure::usage, "unknown command '" + shown(name) + "'",
              meant ? "did you mean " + *meant + "?" : "commands: " + join(names, ", "));
}

} // namespace pgtool
