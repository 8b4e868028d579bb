#pragma once

#include "cli/option.hpp"

namespace pgtool {

/// Readers of option values. All throw Error(Failure::usage) that names where the value stood.

bool truth_of(const Given& given);
double seconds_of(const Given& given);
/// A whole number from 0 to 1000.
int count_of(const Given& given);

/// The value, which must be one of `choices`.
const std::string& choice_of(const Given& given, Choices choices);
/// `value` is one of `choices`, or an error.
void expect_choice(const Given& given, std::string_view value, Choices choices);

/// The value as a path, seen from the folder of the file that names it.
std::string path_of(const Given& given);

} // namespace pgtool
