#pragma once

#include "commands/context.hpp"
#include "commands/options.hpp"
#include "django/project_models.hpp"

#include <string>

namespace pgtool {

/// Lets Django, in a process of its own, open an alias exactly as it is configured and look, in a
/// transaction that only reads. Throws like open_project() when the project does not tell its
/// settings; any later failure is in the view.
DjangoView look_through_django(const CommonOptions& common, const Context& context,
                               const std::string& alias);

} // namespace pgtool
