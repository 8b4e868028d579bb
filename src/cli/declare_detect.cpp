#include "cli/command_table.hpp"

#include "base/error.hpp"
#include "cli/take.hpp"

#include <array>

namespace pgtool {
namespace {

constexpr std::array options = {
    OptionSpec{"--all", "", "", "", "Look at every alias and every configuration found",
               Group::command,
               [](Draft& draft, const Given& given) { draft.detect.all = truth_of(given); }},
    OptionSpec{"--no-probe", "", "", "", "Do not try out the pool mode where nobody tells it",
               Group::command,
               [](Draft& draft, const Given& given) { draft.detect.no_probe = truth_of(given); }},
};

Command finish(Draft draft, Rest) {
  if (draft.detect.all && !draft.common.connect.pooled_url.empty()) {
    throw Error(Failure::usage, "--all and --pooled-url exclude each other",
                "--all looks at the aliases of a project, --pooled-url at one endpoint");
  }
  draft.detect.common = std::move(draft.common);
  return std::move(draft.detect);
}

} // namespace

const CommandSpec& detect_command() {
  static const CommandSpec command{
      .name = "detect",
      .usage = "[options]",
      .summary = "Name the pooler and prove where the real PostgreSQL is",
      .text = "Names what stands between Django and PostgreSQL: the pooler, its version and pool "
              "mode, and the direct endpoint, each with its evidence. Changes nothing.",
      .options = options,
      .examples = "pgtool detect\n"
                  "pgtool detect --all\n"
                  "pgtool detect --project shop --format json\n"
                  "pgtool detect --pooled-url postgresql://app@pool:6432/shop",
      .finish = finish,
  };
  return command;
}

} // namespace pgtool
