#pragma once

#include "rules/reading/reading.hpp"

#include <string>

namespace pgtool::rules {

/// How the sender gets a session that is its own: "run it with pgtool migrate --direct".
std::string own_session(const Reading& reading);

/// The same after a form that is right in a transaction.
std::string or_own_session(const Reading& reading, const std::string& form);

} // namespace pgtool::rules
