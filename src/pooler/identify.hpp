#pragma once

#include "model/report.hpp"
#include "pooler/sighting.hpp"

namespace pgtool {

/// Names what was seen: kind, version as far as known, confidence and evidence; the mode only where
/// the pooler announced it. A new pooler is one more row in the table of identify.cpp. What fits no
/// row but is no direct backend either is "unknown", with what was seen.
PoolerReport identify(const Sighting& sighting);

/// What people call that kind: "PgBouncer", "no pooler".
std::string pooler_name(const std::string& kind);

/// True when the words of a refused login are those of a pooler that knows no such option.
bool refuses_startup_options(const Refusal& refusal);

} // namespace pgtool
