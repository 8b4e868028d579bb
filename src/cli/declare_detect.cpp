#include "cli/command_table.hpp"

#include "cli/take.hpp"

#include <array>

namespace pgtool {
namespace {

constexpr std::array options = {
    OptionSpec{"--no-probe", "", "", "", "Do not try out the pool mode where nobody tells it",
               Group::command,
               [](Draft& draft, const Given& given) { draft.detect.no_probe = truth_of(given); }},
};

Command finish(Draft draft, Rest) {
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
                  "pgtool detect --project shop --format json\n"
                  "pgtool detect --pooled-url postgresql://app@pool:6432/shop",
      .finish = finish,
  };
  return command;
}

} // namespace pgtool
