#pragma once

#include "commands/options.hpp"

#include <optional>
#include <string>
#include <variant>

namespace pgtool {

/// What was asked for. A new command is a new alternative; main() does not compile without a
/// `run` for it.
using Command =
    std::variant<std::monostate, DetectOptions, MigrateOptions, ManageOptions, EndpointOptions,
                 SchemaMoveOptions, CheckOptions, PreflightOptions, LintOptions, ExplainOptions>;

/// A command line that was understood. With `exit_now`, `out` (help, the version) is all there is
/// to do.
struct Invocation {
  Command command;
  std::optional<int> exit_now;
  std::string out;
};

} // namespace pgtool
