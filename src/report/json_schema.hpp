#pragma once

#include <string>

namespace pgtool {

/// The JSON Schema (2020-12) of what render_json() writes, with a final line feed. Published beside
/// the man pages; keys are only ever added.
std::string json_schema();

} // namespace pgtool
