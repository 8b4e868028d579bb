#include "pooler/kinds/kinds.hpp"

namespace pgtool {

/// pgcat knows no user of its console but its administrator (facts: 1.3.0 was run): with the very
/// password that opens the ordinary database everybody else is refused there, in PostgreSQL's words
/// but without a place in its source. PgBouncer would say "not allowed".
Recognised recognise_pgcat(const Sighting& sighting) {
  PoolerReport report{"", "", "", "certain", {}};
  if (sighting.console_kind == "pgcat") {
    report.version = sighting.console_version;
    report.evidence.push_back("its console answers as pgcat " + sighting.console_version);
  }
  if (says(sighting.login_refusal, "no pool configured for database: ")) {
    report.evidence.push_back("it refuses the login in pgcat's words");
  }
  if (!report.evidence.empty()) {
    return report;
  }
  const bool refused_there = says(sighting.console_refusal, "password authentication failed for") &&
                             sighting.console_refusal->sqlstate == "28P01" &&
                             !sighting.login_refusal;
  if (!refused_there || sighting.echo != OptionEcho::dropped) {
    return std::nullopt;
  }
  report.confidence = "likely";
  report.evidence.emplace_back(
      "database \"pgbouncer\" refuses the password that this database takes, as pgcat's console "
      "does");
  return report;
}

} // namespace pgtool
