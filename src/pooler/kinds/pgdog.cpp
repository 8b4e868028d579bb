#include "pooler/kinds/kinds.hpp"

namespace pgtool {

/// PgDog reports its own name as application_name, whatever the client sent (facts: 0.1.17 was
/// run). It plays unknown start-up options as SET on a server, so that our option comes back.
Recognised recognise_pgdog(const Sighting& sighting) {
  PoolerReport report{"", "", "", "certain", {}};
  if (sighting.console_kind == "pgdog") {
    report.version = sighting.console_version;
    report.evidence.push_back("its console answers as PgDog " + sighting.console_version);
  }
  if (sighting.foreign_name == "PgDog") {
    report.evidence.emplace_back("it reports application_name PgDog, which we did not send");
  }
  return report.evidence.empty() ? std::nullopt : Recognised(report);
}

} // namespace pgtool
