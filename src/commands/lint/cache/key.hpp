#pragma once

#include "base/environment.hpp"
#include "base/value.hpp"
#include "commands/options.hpp"
#include "django/project.hpp"

#include <string>

namespace pgtool {

/// The name under which a project's answers are kept: another one for another project, interpreter,
/// question, make of pgtool, or environment. Of the environment every variable counts but those
/// that belong to a terminal, to a login or to git's hooks, and those that the project does not
/// get. Its values cannot be had back from the name.
std::string cache_key(const CommonOptions& common, const EntryPoint& entry, const Value& question,
                      const Environment& environment);

} // namespace pgtool
