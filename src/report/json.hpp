#pragma once

#include "model/report.hpp"

#include <string>

namespace pgtool {

/// The report as one JSON document with a final line feed. Every shared key is always present,
/// in the order of the contract; what is absent is null.
std::string render_json(const Report& report);

} // namespace pgtool
