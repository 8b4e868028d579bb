#pragma once

#include "django/messages.hpp"
#include "rules/deployment.hpp"

namespace pgtool {

/// What the settings of a project say, as rules read it.
ProjectFacts project_facts(const ProjectSettings& settings);

} // namespace pgtool
