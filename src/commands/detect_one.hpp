#pragma once

#include "commands/context.hpp"
#include "commands/options.hpp"
#include "commands/project_link.hpp"
#include "connector/survey.hpp"
#include "model/alias.hpp"
#include "model/report.hpp"

namespace pgtool {

/// Looks at the endpoint of a request, and names the pooler there. An empty alias is a bare URL's.
Report detect_one(const DetectOptions& options, SurveyRequest request, const Alias& alias,
                  const Context& context);

/// The same for an alias of a project, whose process waits meanwhile: it may be asked for passwords
/// that it computes.
Report detect_alias(const DetectOptions& options, ProjectLink& link, const Alias& alias,
                    const Context& context);

} // namespace pgtool
