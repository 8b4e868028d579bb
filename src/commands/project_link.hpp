#pragma once

#include "commands/context.hpp"
#include "commands/options.hpp"
#include "connector/survey.hpp"
#include "django/bridge.hpp"
#include "django/messages.hpp"
#include "django/project_models.hpp"
#include "pooler/config/pooler_config.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace pgtool {

/// A project whose settings are known and whose process waits for our answer.
struct ProjectLink {
  Bridge bridge;
  BridgeMessage question; ///< the `settings` message, or what came later, that has to be answered
  ProjectSettings settings;
  std::vector<BridgeMessage> early; ///< of other processes, not yet looked at
  ConfigReading configs;            ///< what was found of poolers' configurations
  std::chrono::seconds patience = std::chrono::minutes(10); ///< for one answer of the project
  bool settings_only = false; ///< its other processes are stopped where they ask
};

/// Starts the project's own entry point under the launcher and waits for its settings. No
/// handshake, no run: throws Error(Failure::unknown) that says how far it came. A program that
/// starts Python by itself is tried out with --help first, which changes nothing, to see whether
/// that Python joins. `arguments` begin with the name of a Django command.
ProjectLink open_project(const CommonOptions& common, const Context& context,
                         const std::vector<std::string>& arguments, bool settings_only,
                         bool drops_stdout = false);

/// How the project is started. Throws Error(Failure::usage) where none is found.
EntryPoint find_project(const CommonOptions& common, const Context& context);

/// The same for its settings only, where it was found already. `watched`: it can be asked later
/// what its answers depend on, which costs time.
ProjectLink open_found_project(const CommonOptions& common, const Context& context,
                               const EntryPoint& entry, bool watched);

/// False when nothing that was said and nothing that lies there speaks of a Django project.
bool has_project(const CommonOptions& common, const Context& context);

/// What --pooler-config names, or what is found of poolers' configurations.
ConfigReading pooler_configs(const CommonOptions& common, const Context& context);

/// Asks the waiting process and waits for the event that answers, which is its next question. Else
/// the words say why nothing came, and the link is only good to be stopped.
std::string ask_project(ProjectLink& link, const Value& question, std::string_view event);

/// The models as one alias has them. Their apps are loaded for that, and no connection of Django is
/// let through meanwhile. For a link that was opened for its settings only, which waits again
/// afterwards: to be asked more, or stopped.
ProjectModels ask_models(ProjectLink& link, const std::string& alias);

/// Lets nothing of the project run: each of its processes stops where it asks.
void stop_project(ProjectLink& link, int status);

/// The settings of a message with what libpq in that process would add to each endpoint.
ProjectSettings complete_settings(const Value& message);

/// Asks an alias's own engine which password it would send to another endpoint; null for an alias
/// whose password is simply written down. The link must outlive the answer.
std::function<ComputedPassword(const Endpoint&)> password_source(ProjectLink& link,
                                                                 const Alias& alias);

/// Throws Error(Failure::usage) when there is no such alias.
void expect_alias(const ProjectLink& link, const std::string& name);

/// The alias of --database; throws Error(Failure::usage) when it is unknown or not PostgreSQL.
const Alias& chosen_alias(const ProjectSettings& settings, const std::string& name);

} // namespace pgtool
