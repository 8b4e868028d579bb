#include "cli/reference/offer.hpp"

#include "base/text.hpp"
#include "cli/reference/artifact.hpp"
#include "rules/rule_table.hpp"

#include <algorithm>

namespace pgtool {
namespace {

std::vector<std::string> artifact_names() {
  std::vector<std::string> names = {std::string(all_artifacts)};
  for (const auto& artifact : artifacts()) {
    names.push_back(artifact.name);
  }
  return names;
}

std::vector<std::string> rule_slugs() {
  std::vector<std::string> slugs;
  for (const auto* rule : rule_table()) {
    slugs.emplace_back(rule->slug);
  }
  return slugs;
}

Offer offer_of(Completes kind, std::vector<std::string> choices) {
  switch (kind) {
  case Completes::format:
  case Completes::acceptance:
    return {Completes::choices, std::move(choices)};
  case Completes::command:
    return {Completes::choices, command_names()};
  case Completes::rule:
  case Completes::rule_list:
    return {Completes::choices, rule_slugs()};
  case Completes::artifact:
    return {Completes::choices, artifact_names()};
  default:
    return {kind, std::move(choices)};
  }
}

OfferedOption offered(const CommandSpec& command, const OptionSpec& option) {
  return {&option, split(option.flags, ','), described(command, option),
          offer_of(option.completes, choices_of(command, option))};
}

struct Owned {
  OfferedOption option;
  std::vector<std::string> commands;
};

/// Each option with the commands that have it exactly so.
std::vector<Owned> owned_options() {
  std::vector<Owned> all;
  for (const auto* command : command_table()) {
    for (const auto* spec : all_options(*command)) {
      auto option = offered(*command, *spec);
      auto same = std::find_if(all.begin(), all.end(),
                               [&](const Owned& owned) { return owned.option == option; });
      if (same == all.end()) {
        same = all.insert(all.end(), Owned{std::move(option), {}});
      }
      same->commands.emplace_back(command->name);
    }
  }
  return all;
}

} // namespace

std::vector<SharedOptions> shared_options() {
  std::vector<SharedOptions> groups;
  for (auto& [option, commands] : owned_options()) {
    auto group =
        std::find_if(groups.begin(), groups.end(),
                     [&owners = commands](const auto& known) { return known.commands == owners; });
    if (group == groups.end()) {
      group = groups.insert(groups.end(), SharedOptions{std::move(commands), {}});
    }
    group->options.push_back(std::move(option));
  }
  return groups;
}

HandingOn handing_on() {
  HandingOn found;
  for (const auto* command : command_table()) {
    if (!command->hands_on_all) {
      continue;
    }
    found.commands.emplace_back(command->name);
    for (const auto* option : all_options(*command)) {
      for (auto& name : split(option->value.empty() ? "" : option->flags, ',')) {
        if (!name.empty() &&
            std::find(found.valued.begin(), found.valued.end(), name) == found.valued.end()) {
          found.valued.push_back(std::move(name));
        }
      }
    }
  }
  return found;
}

void fill_in(std::string& text, std::string_view mark, const std::string& words) {
  text.replace(text.find(mark), mark.size(), words);
}

Offer words_of(const CommandSpec& command) { return offer_of(command.words, {}); }

} // namespace pgtool
