#include "cli/command_table.hpp"

#include "base/error.hpp"
#include "cli/shown.hpp"
#include "cli/take.hpp"

#include <array>

namespace pgtool {
namespace {

constexpr std::array options = {
    OptionSpec{"--lock", "", "", "", "Take the deploy lock, as commands named migrate… do",
               Group::command,
               [](Draft& draft, const Given& given) { draft.manage.lock = truth_of(given); }},
};

Command finish(Draft draft, Rest rest) {
  auto command = std::move(rest.words);
  command.insert(command.end(), rest.more.begin(), rest.more.end());
  if (command.empty()) {
    throw Error(Failure::usage, "manage needs a management command",
                "for example: pgtool manage -- loaddata shop.json");
  }
  if (command.front().starts_with('-')) {
    throw Error(Failure::usage, "unknown option '" + shown(command.front()) + "'",
                "options of the management command stand behind its name; see pgtool help manage");
  }
  ManageOptions manage = std::move(draft.manage);
  manage.route = taken_route(draft);
  manage.common = std::move(draft.common);
  manage.command = std::move(command);
  return manage;
}

} // namespace

const CommandSpec& manage_command() {
  static const CommandSpec command{
      .name = "manage",
      .usage = "[options] [--] COMMAND [words]",
      .summary = "Run another management command past the pooler",
      .text = "Runs any management command of the project over the same road as migrate: every "
              "alias that points at the pooler is led to the proved direct endpoint. Everything "
              "behind the command's name is the command's own, and so are terminal, output and "
              "exit status.",
      .options = options,
      .examples = "pgtool manage -- loaddata shop.json\n"
                  "pgtool manage -- dbshell\n"
                  "pgtool manage --lock -- createcachetable",
      .statuses = "Once the command has started, its own status is passed on.",
      .routed = true,
      .waits = true,
      .hands_on_all = true,
      .finish = finish,
  };
  return command;
}

} // namespace pgtool
