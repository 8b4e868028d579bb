#pragma once

#include "commands/context.hpp"
#include "commands/options.hpp"
#include "commands/project_link.hpp"
#include "connector/survey.hpp"
#include "model/alias.hpp"

namespace pgtool {

/// The survey of one Django alias: its pooled endpoint, the direct URL and the consoles that were
/// named for it (flags and environment count for the alias of --database, pgtool.yaml for its own),
/// the project's other aliases, its environment, and the configurations that were found.
SurveyRequest survey_request(const ConnectOptions& options, const Alias& alias,
                             const ProjectLink& link, const Environment& own);

/// The survey of --pooled-url alone, without any project.
SurveyRequest survey_request(const CommonOptions& options, const Context& context);

} // namespace pgtool
