#pragma once

#include "rules/reading/reading.hpp"
#include "rules/remedies/safe_steps.hpp"

#include <string>

namespace pgtool {

/// An operation whose state stays as it is while SQL takes the place of what Django would send: of
/// one statement these steps, of the others their own safe ones, or themselves.
std::string operations_with(const Reading& reading, const DjangoOperation& operation,
                            std::size_t statement, const SafeSteps& steps);

/// A text as it stands in Python source.
std::string python_text(const std::string& text, const std::string& indent);

} // namespace pgtool
