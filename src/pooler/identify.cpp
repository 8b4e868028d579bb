#include "pooler/identify.hpp"

#include "pooler/kinds/kinds.hpp"

#include <array>

namespace pgtool {
namespace {

Recognised as_none(const Sighting& sighting) {
  if (!sighting.proved_direct) {
    return std::nullopt;
  }
  PoolerReport report{"", "", "none", "proved", {"the session is a PostgreSQL backend itself"}};
  report.mode_confidence = "proved";
  return report;
}

Recognised as_unknown(const Sighting& sighting) {
  return PoolerReport{"", "", "", shows_a_pooler(sighting) ? "likely" : "unknown", {}};
}

struct Row {
  const char* kind;
  const char* name; ///< for people
  Recognised (*recognise)(const Sighting&);
};

// The first that recognises itself wins: what looks like another one stands before it.
constexpr std::array rows{
    Row{"none", "no pooler", as_none},
    Row{"neon", "Neon's pooler", recognise_neon},
    Row{"rds-proxy", "RDS Proxy", recognise_rds_proxy},
    Row{"supavisor", "Supavisor", recognise_supavisor},
    Row{"pgbouncer", "PgBouncer", recognise_pgbouncer},
    Row{"pgdog", "PgDog", recognise_pgdog},
    Row{"odyssey", "Odyssey", recognise_odyssey},
    Row{"pgcat", "pgcat", recognise_pgcat},
    Row{"pgpool", "Pgpool-II", recognise_pgpool},
    Row{"pgagroal", "pgagroal", recognise_pgagroal},
    Row{"unknown", "an unknown pooler", as_unknown},
};

/// What every pooler shows beside its own marks.
void add_common_evidence(const Sighting& sighting, PoolerReport& report) {
  if (sighting.option_refusal) {
    report.evidence.push_back("a start-up option is refused: " + sighting.option_refusal->message);
  }
  if (sighting.echo == OptionEcho::dropped) {
    report.evidence.emplace_back("a start-up option is accepted and dropped");
  }
  if (sighting.pid_matches == false) {
    report.evidence.emplace_back("the login's key is not the backend's pid");
  }
  if (sighting.backend_older) {
    report.evidence.emplace_back("the backend is older than the connection");
  }
  if (sighting.port_matches == false) {
    report.evidence.emplace_back("the server sees another client port than ours");
  }
}

} // namespace

bool refuses_startup_options(const Refusal& refusal) {
  return says(refusal, "unsupported startup parameter") ||
         says(refusal, "RDS Proxy currently doesn't support command-line options");
}

PoolerReport identify(const Sighting& sighting) {
  for (const auto& row : rows) {
    if (auto report = row.recognise(sighting)) {
      report->kind = row.kind;
      if (sighting.status_mode) {
        report->mode = *sighting.status_mode;
        report->mode_confidence = "certain";
        report->mode_source = "it announces pgbouncer.pool_mode";
      } else if (report->mode.empty()) {
        report->mode = "unknown";
      }
      add_common_evidence(sighting, *report);
      return *report;
    }
  }
  return {};
}

std::string pooler_name(const std::string& kind) {
  for (const auto& row : rows) {
    if (kind == row.kind) {
      return row.name;
    }
  }
  return kind;
}

} // namespace pgtool
