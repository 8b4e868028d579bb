#include "pooler/kinds/kinds.hpp"

namespace pgtool {

/// Neon's pooler is a PgBouncer in transaction mode behind Neon's own proxy. The host alone tells
/// the two apart, and only Neon hands out hosts below this domain; their first label ends in
/// "-pooler" (Neon's documentation; the proxy strips exactly this suffix).
Recognised recognise_neon(const Sighting& sighting) {
  const auto label = sighting.host.substr(0, sighting.host.find('.'));
  if (!sighting.host.ends_with(".neon.tech") || !label.ends_with("-pooler")) {
    return std::nullopt;
  }
  PoolerReport report{"", "", "transaction", "certain", {}};
  report.mode_confidence = "likely";
  report.mode_source = "Neon's documentation";
  report.evidence.emplace_back("its host is one of Neon's, with \"-pooler\" in its first label");
  return report;
}

} // namespace pgtool
