#include "pooler/kinds/kinds.hpp"

namespace pgtool {

/// pgagroal reports its own name as application_name for server sessions that it opened itself
/// (1.6.0 and 2.0.0 were run). Those that it opens for a client look like the client's own.
Recognised recognise_pgagroal(const Sighting& sighting) {
  PoolerReport report{"", "", "", "certain", {}};
  if (sighting.foreign_name == "pgagroal") {
    report.evidence.emplace_back("it reports application_name pgagroal, which we did not send");
  }
  for (const char* words : {"connection pool is full", "no pgagroal_hba.conf entry"}) {
    for (const auto* refusal : {&sighting.login_refusal, &sighting.console_refusal}) {
      if (says(*refusal, words)) {
        report.evidence.push_back("it says \"" + std::string(words) + "\", as pgagroal does");
      }
    }
  }
  return report.evidence.empty() ? std::nullopt : Recognised(report);
}

} // namespace pgtool
