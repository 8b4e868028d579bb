#pragma once

#include "base/environment.hpp"
#include "base/value.hpp"
#include "django/messages.hpp"

#include <string>
#include <vector>

namespace pgtool {

/// The passwords of the aliases, and what variables hold whose names speak of secrets. What is
/// short, or is the name of an alias's user or database as well, is an ordinary word: it is left
/// out.
std::vector<std::string> known_secrets(const ProjectSettings& settings,
                                       const Environment& environment);

/// True when one of them stands somewhere in a text of the value.
bool holds_any(const Value& value, const std::vector<std::string>& secrets);

} // namespace pgtool
