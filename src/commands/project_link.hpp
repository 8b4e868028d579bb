#pragma once

#include "commands/context.hpp"
#include "commands/options.hpp"
#include "django/bridge.hpp"
#include "django/messages.hpp"

#include <string>
#include <vector>

namespace pgtool {

/// A project whose settings are known and whose process waits for our answer.
struct ProjectLink {
  Bridge bridge;
  Value question; ///< the `settings` message that has to be answered
  ProjectSettings settings;
};

/// Starts the project's own entry point under the launcher and waits for its settings. No
/// handshake, no run: throws Error(Failure::unknown) that says how far it came.
ProjectLink open_project(const CommonOptions& common, const Context& context,
                         const std::vector<std::string>& arguments, bool settings_only);

/// The alias of --database; throws Error(Failure::usage) when it is unknown or not PostgreSQL.
const Alias& chosen_alias(const ProjectSettings& settings, const std::string& name);

} // namespace pgtool
