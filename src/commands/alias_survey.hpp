#pragma once

#include "commands/context.hpp"
#include "commands/options.hpp"
#include "connector/survey.hpp"
#include "model/alias.hpp"

#include <string>
#include <vector>

namespace pgtool {

/// The survey of one Django alias: its pooled endpoint, the direct URL and the consoles that were
/// named for it (flags and environment count for the alias of --database, pgtool.yaml for its own),
/// the project's other aliases and its environment.
SurveyRequest survey_request(const ConnectOptions& options, const Alias& alias,
                             const std::vector<Alias>& all, const Environment& project,
                             const Environment& own);

/// The survey of --pooled-url alone, without any project.
SurveyRequest survey_request(const ConnectOptions& options, const Environment& own);

} // namespace pgtool
