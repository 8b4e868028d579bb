#include "cli/command_table.hpp"

#include "base/error.hpp"
#include "cli/take.hpp"

#include <array>

namespace pgtool {
namespace {

constexpr std::array options = {
    OptionSpec{"--direct", "", "", "", "Demand the proof of a direct endpoint in every case",
               Group::command,
               [](Draft& draft, const Given& given) { draft.route.direct = truth_of(given); }},
    OptionSpec{
        "--allow-pooled", "", "", "", "Go through the pooler when nothing is proved",
        Group::command,
        [](Draft& draft, const Given& given) { draft.route.allow_pooled = truth_of(given); }},
};

constexpr std::array waiting = {
    OptionSpec{"--wait", "DURATION", "PGTOOL_WAIT", "migrate.wait",
               "How long to wait for another deploy (default: 10m)", Group::command,
               [](Draft& draft, const Given& given) { draft.route.wait = seconds_of(given); }},
    OptionSpec{"--no-wait", "", "", "", "Give up at once when another deploy runs", Group::command,
               [](Draft& draft, const Given& given) {
                 draft.route.wait = truth_of(given) ? 0 : draft.route.wait;
               }},
};

} // namespace

std::span<const OptionSpec> route_options() { return options; }

std::span<const OptionSpec> waiting_options() { return waiting; }

RouteOptions taken_route(const Draft& draft) {
  if (draft.route.direct && draft.route.allow_pooled) {
    throw Error(Failure::usage, "--direct and --allow-pooled exclude each other",
                "--direct demands the proof, --allow-pooled goes on without it");
  }
  return draft.route;
}

} // namespace pgtool
