#include "cli/command_line.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/arguments.hpp"
#include "cli/config.hpp"
#include "cli/formats.hpp"
#include "cli/help.hpp"
#include "cli/shown.hpp"
#include "cli/take.hpp"
#include "cli/version.hpp"

#include <algorithm>

namespace pgtool {
namespace {

Invocation page(std::string text, int status = 0) {
  return {.command = {}, .exit_now = status, .out = std::move(text)};
}

bool was_given(const Arguments& arguments, std::string_view name) {
  return std::any_of(arguments.given.begin(), arguments.given.end(), [&](const auto& entry) {
    return long_name(*entry.first) == name && parse_truth(entry.second.back()) != false;
  });
}

/// A flag beats the environment, which beats the file. An empty variable counts as not set.
std::optional<Given> find_given(const OptionSpec& option, const Arguments& arguments,
                                const Environment& environment) {
  if (const auto flag = arguments.given.find(&option); flag != arguments.given.end()) {
    return Given{long_name(option), flag->second, {}};
  }
  const auto variable = environment.find(option.environment);
  if (variable != environment.end() && !variable->second.empty()) {
    return Given{std::string(option.environment), {variable->second}, {}};
  }
  return std::nullopt;
}

std::string text_option(std::string_view name, const CommandSpec& command,
                        const Arguments& arguments, const Environment& environment) {
  for (const auto* option : all_options(command)) {
    if (long_name(*option) == name) {
      const auto given = find_given(*option, arguments, environment);
      return given ? given->value() : std::string();
    }
  }
  return {};
}

Config load_config(const CommandSpec& command, const Arguments& arguments,
                   const Environment& environment) {
  std::string path = text_option("--config", command, arguments, environment);
  if (path.empty()) {
    path = find_config(text_option("--project", command, arguments, environment));
  }
  // Keys of other commands are fine in the file, so all commands have a say.
  return path.empty() ? Config{}
                      : read_config(path, config_keys(options_of_all_commands()), environment);
}

void expect_format(const CommandSpec& command, const OptionSpec& option, const Given& given) {
  const auto choices = choices_of(command, option);
  expect_choice(given, given.value(),
                std::vector<std::string_view>(choices.begin(), choices.end()));
}

/// What pgtool.yaml says below migrate.apps, by the app's label.
std::map<std::string, TimeoutOptions> apps_of(const Config& config) {
  std::map<std::string, TimeoutOptions> apps;
  for (const auto& [key, given] : config.values) {
    const auto path = split(key, '.');
    if (path.size() == 4 && path[0] == "migrate" && path[1] == "apps") {
      auto& app = apps[path[2]];
      (path[3] == "lock-timeout" ? app.lock : app.statement) = seconds_of(given);
    }
  }
  return apps;
}

/// What is typed is meant for this command; PGTOOL_ACCEPT may be meant for others.
void expect_accepted(const CommandSpec& command, const OptionSpec& option, const Given& given) {
  const auto choices = choices_of(command, option);
  const std::vector<std::string_view> known(choices.begin(), choices.end());
  for (const auto& value : given.values) {
    for (const auto& word : split(value, ',')) {
      expect_choice(given, word, known);
    }
  }
}

Invocation parse_command(const CommandSpec& command, std::vector<std::string> words,
                         const Environment& environment, std::size_t width) {
  Arguments arguments = read_arguments(command, std::move(words));
  if (was_given(arguments, "--help")) {
    return page(help_of(command, width));
  }
  if (was_given(arguments, "--version")) {
    return page(version_text());
  }
  if (command.is_about_pgtool()) {
    return page(command.print(arguments.rest));
  }
  const Config config = load_config(command, arguments, environment);
  Draft draft;
  draft.common.connect.aliases = config.aliases;
  draft.check.ignore = config.ignored;
  for (const auto* option : all_options(command)) {
    auto given = find_given(*option, arguments, environment);
    const auto from_file = config.values.find(option->key);
    if (!given && from_file != config.values.end()) {
      given = from_file->second;
    }
    if (given && option->completes == Completes::format) {
      expect_format(command, *option, *given);
    }
    if (option->completes == Completes::acceptance && arguments.given.contains(option)) {
      expect_accepted(command, *option, *given);
    }
    if (given && option->take != nullptr) {
      option->take(draft, *given);
    }
  }
  draft.migrate.policy.apps = apps_of(config);
  return {.command = command.finish(std::move(draft), std::move(arguments.rest)),
          .exit_now = {},
          .out = {}};
}

Invocation parse_help(const std::vector<std::string>& words, std::size_t width) {
  const bool names_command = words.size() > 1 && words[1] != "help";
  return page(names_command ? help_of(find_command(words[1]), width) : overview(width));
}

} // namespace

Invocation parse(const std::vector<std::string>& words, const Environment& environment,
                 std::size_t width) {
  if (words.empty()) {
    return page(overview(width), static_cast<int>(Failure::usage));
  }
  const std::string& first = words.front();
  if (first == "--version" || first == "-V" || first == "version") {
    return page(version_text());
  }
  if (first == "--help" || first == "-h" || first == "help") {
    return parse_help(words, width);
  }
  if (first.starts_with('-')) {
    throw Error(Failure::usage, "expected a command before '" + shown(first) + "'",
                "options stand after the command: pgtool COMMAND " + shown(first));
  }
  return parse_command(find_command(first), {words.begin() + 1, words.end()}, environment, width);
}

Format wanted_format(const std::vector<std::string>& words, const Environment& environment) {
  constexpr std::string_view option = "--format";
  const auto variable = environment.find("PGTOOL_FORMAT");
  std::string name = variable == environment.end() ? std::string() : variable->second;
  for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
    if (words[i].starts_with("--format=")) {
      name = words[i].substr(option.size() + 1);
    } else if (words[i] == option && i + 1 < words.size()) {
      name = words[i + 1];
    }
  }
  return format_named(name).value_or(Format::text);
}

} // namespace pgtool
