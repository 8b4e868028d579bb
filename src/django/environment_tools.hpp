#pragma once

#include "django/programs.hpp"

#include <optional>
#include <string>

namespace pgtool {

/// The interpreter of the environment that uv, poetry, pipenv, pdm or hatch keeps elsewhere for the
/// project whose files stand in `folder`. The tool itself is asked, which creates nothing. Nothing
/// when no such file is there, or the tool is absent or knows no environment.
std::optional<Interpreter> environment_of_tool(const std::string& folder,
                                               const Environment& environment);

} // namespace pgtool
