#include "cli/arguments.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/shown.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>

namespace pgtool {
namespace {

/// Options that CLI11 reads. Django's own are left in the rest, where they keep their order.
std::vector<const OptionSpec*> read_options(const CommandSpec& command) {
  auto options = all_options(command);
  std::erase_if(options, [](const auto* option) { return option->group == Group::django; });
  return options;
}

CLI::Option* declare(CLI::App& app, const OptionSpec& option) {
  const std::string names(option.flags);
  if (option.value.empty()) {
    return app.add_flag(names)->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  }
  // One value each time, any number of times: who repeats an option means the last one.
  return app.add_option(names)
      ->type_size(1)
      ->expected(1, CLI::detail::expected_max_vector_size)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->allow_extra_args(false);
}

[[noreturn]] void refuse_without_value(const OptionSpec& option, const CommandSpec& command) {
  const auto choices = choices_of(command, option);
  throw Error(Failure::usage, long_name(option) + " needs a value: " + std::string(option.value),
              choices.empty() ? "see pgtool help " + std::string(command.name)
                              : "expected " + join(choices, " or "));
}

std::vector<std::string> option_names(const CommandSpec& command) {
  std::vector<std::string> names;
  for (const auto* option : all_options(command)) {
    const auto pieces = split(option->flags, ',');
    names.insert(names.end(), pieces.begin(), pieces.end());
  }
  std::erase_if(names, [](const std::string& name) { return !name.starts_with("--"); });
  return names;
}

/// The option that was meant: the one this begins, or the one it misspells.
std::optional<std::string> meant_option(std::string_view name,
                                        const std::vector<std::string>& names) {
  if (std::find(names.begin(), names.end(), name) != names.end()) {
    return std::nullopt;
  }
  for (const auto& known : names) {
    if (name.size() > 2 && known.starts_with(name)) {
      return known;
    }
  }
  // The dashes would make short names look more alike than they are.
  std::vector<std::string> bare;
  for (const auto& known : names) {
    bare.push_back(known.substr(2));
  }
  const auto near = nearest(name.substr(2), bare);
  return near ? std::optional("--" + *near) : std::nullopt;
}

void judge_rest(const CommandSpec& command, const Rest& rest) {
  const bool begins_foreign = !rest.words.empty() && !rest.words.front().starts_with('-');
  if (command.hands_on_all && begins_foreign) {
    return;
  }
  if (!command.hands_on && !command.hands_on_all && !rest.more.empty()) {
    throw Error(Failure::usage, std::string(command.name) + " takes nothing after --");
  }
  const auto names = option_names(command);
  for (const auto& word : rest.words) {
    const bool is_option = word.starts_with('-') && word.size() > 1;
    const auto meant = word.starts_with("--")
                           ? meant_option(std::string_view(word).substr(0, word.find('=')), names)
                           : std::nullopt;
    if (meant) {
      // Also where words are handed on: Django would take an abbreviation for its own option.
      throw Error(Failure::usage, "unknown option '" + shown(word) + "'",
                  "did you mean " + *meant + "?" +
                      (command.hands_on ? " What only the project knows goes after --" : ""));
    }
    if (!command.hands_on && (is_option || command.words == Completes::nothing)) {
      throw Error(Failure::usage,
                  (is_option ? "unknown option '" : "unexpected argument '") + shown(word) + "'",
                  "see pgtool help " + std::string(command.name));
    }
  }
}

std::vector<std::string> cut_more(std::vector<std::string>& words) {
  const auto dashes = std::find(words.begin(), words.end(), "--");
  if (dashes == words.end()) {
    return {};
  }
  std::vector<std::string> more(dashes + 1, words.end());
  words.erase(dashes, words.end());
  return more;
}

using Declared = std::map<const OptionSpec*, CLI::Option*>;

[[noreturn]] void refuse(const CLI::ParseError& error, const Declared& declared,
                         const CommandSpec& command) {
  // CLI11 names the option first; its wording and its statuses are not ours.
  const std::string message = error.what();
  for (const auto& [option, ignored] : declared) {
    if (message.starts_with(long_name(*option) + ":")) {
      refuse_without_value(*option, command);
    }
  }
  throw Error(Failure::usage, lower(message), "see pgtool help " + std::string(command.name));
}

std::vector<std::string> results_of(const OptionSpec& option, const CommandSpec& command,
                                    const CLI::Option& result) {
  auto values = result.results();
  // A value that looks like an option is the next option: the value was forgotten.
  const auto is_option = [](const std::string& value) { return value.starts_with("--"); };
  if (values.empty() ||
      (!option.value.empty() && std::any_of(values.begin(), values.end(), is_option))) {
    refuse_without_value(option, command);
  }
  return values;
}

} // namespace

Arguments read_arguments(const CommandSpec& command, std::vector<std::string> words) {
  Arguments arguments;
  const auto typed = words.size();
  arguments.rest.more = cut_more(words);
  const bool has_dashes = words.size() < typed;
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  app.prefix_command(command.hands_on_all);
  Declared declared;
  for (const auto* option : read_options(command)) {
    declared[option] = declare(app, *option);
  }
  std::reverse(words.begin(), words.end());
  try {
    app.parse(words);
  } catch (const CLI::ParseError& error) {
    refuse(error, declared, command);
  }
  for (const auto& [option, result] : declared) {
    if (result->count() > 0) {
      arguments.given[option] = results_of(*option, command, *result);
    }
  }
  arguments.rest.words = app.remaining();
  if (command.hands_on_all && has_dashes && !arguments.rest.words.empty()) {
    // These dashes belong to the other command, as in `manage dbshell -- -c 'select 1'`.
    auto& rest = arguments.rest;
    rest.words.emplace_back("--");
    rest.words.insert(rest.words.end(), rest.more.begin(), rest.more.end());
    rest.more.clear();
  }
  judge_rest(command, arguments.rest);
  return arguments;
}

} // namespace pgtool
