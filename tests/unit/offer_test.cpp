#include "cli/command_table.hpp"
#include "cli/reference/artifact.hpp"
#include "cli/reference/offer.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

using namespace pgtool;

namespace {

/// The option of that command, as a shell offers it; null when the command has none.
const OfferedOption* find(const std::vector<SharedOptions>& groups, const std::string& command,
                          const std::string& name) {
  for (const auto& [commands, options] : groups) {
    if (std::find(commands.begin(), commands.end(), command) == commands.end()) {
      continue;
    }
    for (const auto& option : options) {
      if (option.names.back() == name) {
        return &option;
      }
    }
  }
  return nullptr;
}

} // namespace

TEST_CASE("every option of every command is offered") {
  const auto groups = shared_options();

  for (const auto* command : command_table()) {
    for (const auto* option : all_options(*command)) {
      CAPTURE(command->name);
      CAPTURE(option->flags);
      CHECK(find(groups, std::string(command->name), long_name(*option)) != nullptr);
    }
  }
  CHECK(find(groups, "detect", "--direct") == nullptr);
  CHECK(find(groups, "generate", "--database") == nullptr);
}

TEST_CASE("choices and kinds of values come from the declaration") {
  const auto groups = shared_options();

  CHECK(find(groups, "detect", "--format")->value ==
        Offer{Completes::choices, {"text", "json", "sarif", "junit", "github", "gitlab"}});
  CHECK(find(groups, "migrate", "--verbosity")->value ==
        Offer{Completes::choices, {"0", "1", "2", "3"}});
  CHECK(find(groups, "detect", "--database")->value == Offer{Completes::alias, {}});
  CHECK(find(groups, "migrate", "--pythonpath")->value == Offer{Completes::folder, {}});
  CHECK_FALSE(find(groups, "migrate", "--direct")->takes_value());
}

TEST_CASE("a command's own formats are choices of its --format alone") {
  static constexpr std::array<std::string_view, 1> formats = {"dotenv"};
  CommandSpec command = detect_command();
  command.formats = formats;
  const auto options = all_options(command);
  const auto* format = *std::find_if(options.begin(), options.end(), [](const auto* option) {
    return long_name(*option) == "--format";
  });

  std::vector<std::string> choices = {"text", "json", "sarif", "junit", "github", "gitlab"};
  CHECK(choices_of(detect_command(), *format) == choices);
  choices.emplace_back("dotenv");
  CHECK(choices_of(command, *format) == choices);
  CHECK(described(command, *format) ==
        "Form of the result: text, json, sarif, junit, github, gitlab, dotenv");
}

TEST_CASE("an option that lists choices also offers them") {
  for (const auto* option : options_of_all_commands()) {
    CAPTURE(option->flags);
    const bool offers = option->completes == Completes::choices ||
                        option->completes == Completes::format ||
                        option->completes == Completes::acceptance;
    CHECK(offers == !option->choices.empty());
    CHECK((option->completes == Completes::nothing || !option->value.empty()));
  }
}

TEST_CASE("generate offers every artifact, and each has a place of its own") {
  const auto offered = words_of(generate_command()).choices;
  std::set<std::string> paths;

  for (const auto& artifact : artifacts()) {
    CAPTURE(artifact.name);
    CHECK(std::find(offered.begin(), offered.end(), artifact.name) != offered.end());
    CHECK(paths.insert(artifact.path).second);
    CHECK_FALSE(artifact.make().empty());
  }
  CHECK(offered.size() == paths.size() + 1);
}
