#include "base/text.hpp"
#include "pooler/identify.hpp"
#include "pooler/kinds/kinds.hpp"

namespace pgtool {
namespace {

/// PgBouncer before 1.20 knows no `options` at all, later ones look inside it (facts: PgBouncer
/// 1.8 to 1.26 were asked).
std::string version_from_words(const Sighting& sighting) {
  if (says(sighting.option_refusal, "unsupported startup parameter in options")) {
    return "1.20 or later";
  }
  return says(sighting.option_refusal, "unsupported startup parameter: options") ? "before 1.20"
                                                                                 : "";
}

std::string version_of(const Sighting& sighting) {
  if (sighting.status_version) {
    return *sighting.status_version;
  }
  return sighting.console_kind == "pgbouncer" ? sighting.console_version
                                              : version_from_words(sighting);
}

/// An ordinary user who asks for the database `pgbouncer` hears exactly this, and no server is
/// ever involved: PostgreSQL would answer 3D000 and tell the place in its source.
bool console_says_not_allowed(const Sighting& sighting) {
  return sighting.console_refusal && !sighting.console_refusal->tells_source &&
         sighting.console_refusal->message == "not allowed" &&
         sighting.console_refusal->sqlstate == "08P01";
}

/// Words of its own for a client that is not let in.
bool refuses_as_pgbouncer(const Sighting& sighting) {
  for (const char* words :
       {"no more connections allowed (max_client_conn)", "server login has been failing",
        "pgbouncer cannot connect to server", "bouncer config error"}) {
    if (says(sighting.login_refusal, words)) {
      return true;
    }
  }
  return false;
}

} // namespace

Recognised recognise_pgbouncer(const Sighting& sighting) {
  PoolerReport report{"", version_of(sighting), "", "certain", {}};
  if (sighting.status_version) {
    report.evidence.push_back("it announces pgbouncer.version " + *sighting.status_version);
  }
  if (sighting.console_kind == "pgbouncer") {
    report.evidence.push_back("its console answers as PgBouncer " + sighting.console_version);
  }
  if (console_says_not_allowed(sighting)) {
    report.evidence.emplace_back(
        "database \"pgbouncer\" answers \"not allowed\", as PgBouncer's console does");
  }
  if (!report.evidence.empty()) {
    return report;
  }
  report.confidence = "likely";
  if (refuses_as_pgbouncer(sighting)) {
    report.evidence.push_back("it refuses the login in PgBouncer's words");
    return report;
  }
  return says(sighting.option_refusal, "unsupported startup parameter") ? Recognised(report)
                                                                        : std::nullopt;
}

} // namespace pgtool
