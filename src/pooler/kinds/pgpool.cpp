#include "pooler/kinds/kinds.hpp"

namespace pgtool {

/// Pgpool-II looks direct in all else: it passes start-up options and the backend's own pid on
/// (facts: 4.3 and 4.7 were run). A client keeps its server session as long as it is connected.
Recognised recognise_pgpool(const Sighting& sighting) {
  if (sighting.pgpool_version.empty()) {
    return std::nullopt;
  }
  const auto number = sighting.pgpool_version.substr(0, sighting.pgpool_version.find(' '));
  PoolerReport report{"",
                      number,
                      "session",
                      "certain",
                      {"it answers SHOW pool_version: " + sighting.pgpool_version}};
  report.mode_confidence = "certain";
  report.mode_source = "Pgpool-II knows no other";
  return report;
}

} // namespace pgtool
