#pragma once

#include "commands/context.hpp"
#include "commands/options.hpp"
#include "commands/project_link.hpp"
#include "commands/surveyed_aliases.hpp"
#include "model/report.hpp"
#include "rules/deployment.hpp"

#include <string>
#include <vector>

namespace pgtool {

/// One of the places that a check looks at.
struct Source {
  std::string name; ///< django, files, live, console
  bool seen = false;
  std::string what;   ///< what was looked at, or why it was not
  std::string cure{}; ///< what would let pgtool look
};

/// What there is to judge, and what could not be looked at.
struct Examination {
  Deployment deployment;
  std::vector<Source> sources;
  std::vector<Finding> findings;            ///< of what was looked at in the databases themselves
  std::vector<Unknown> unknown;             ///< what was tried and could not be seen
  std::vector<std::string> notes; ///< what a person should know, without any weight
  std::vector<std::string> silenced_checks; ///< SILENCED_SYSTEM_CHECKS

  [[nodiscard]] const Source* find(const std::string& name) const;
};

/// Puts together what the project, the configurations and the surveys say, and looks into the
/// databases that were reached. `link` may be null: there is no project. Sessions of ours are kept
/// from writing.
Examination examine(const CheckOptions& options, ProjectLink* link, const ConfigReading& configs,
                    std::vector<SurveyedAlias>& surveyed);

} // namespace pgtool
