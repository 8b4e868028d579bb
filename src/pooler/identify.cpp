#include "pooler/identify.hpp"

#include "base/text.hpp"

#include <array>

namespace pgtool {
namespace {

/// PgBouncer before 1.20 knows no `options` at all, later ones look inside it (facts: PgBouncer
/// 1.8 to 1.26 were asked).
std::string version_from_words(const Refusal& refusal) {
  const auto words = lower(refusal.message);
  if (words.find("unsupported startup parameter in options") != std::string::npos) {
    return "1.20 or later";
  }
  if (words.find("unsupported startup parameter: options") != std::string::npos) {
    return "before 1.20";
  }
  return "";
}

std::string bouncer_version(const Sighting& sighting) {
  if (sighting.status_version) {
    return *sighting.status_version;
  }
  const auto cut = sighting.console_version.find("/bouncer");
  if (cut != std::string::npos) {
    return sighting.console_version.substr(0, cut);
  }
  return sighting.option_refusal ? version_from_words(*sighting.option_refusal) : "";
}

/// An ordinary user who asks for the database `pgbouncer` hears exactly this, and no server is
/// ever involved: PostgreSQL would answer 3D000 and tell the place in its source.
bool console_says_not_allowed(const Sighting& sighting) {
  return sighting.console_refusal && !sighting.console_refusal->tells_source &&
         sighting.console_refusal->message == "not allowed" &&
         sighting.console_refusal->sqlstate == "08P01";
}

std::optional<PoolerReport> as_pgbouncer(const Sighting& sighting) {
  PoolerReport report{"", bouncer_version(sighting), "", "certain", {}};
  if (sighting.status_version) {
    report.evidence.push_back("it announces pgbouncer.version " + *sighting.status_version);
  }
  if (sighting.console_version.ends_with("/bouncer")) {
    report.evidence.push_back("its console answers as " + sighting.console_version);
  }
  if (console_says_not_allowed(sighting)) {
    report.evidence.emplace_back(
        "database \"pgbouncer\" answers \"not allowed\", as PgBouncer's console does");
  }
  if (report.evidence.empty()) {
    if (!sighting.option_refusal || !refuses_startup_options(*sighting.option_refusal)) {
      return std::nullopt;
    }
    report.confidence = "likely";
  }
  return report;
}

std::optional<PoolerReport> as_pgpool(const Sighting& sighting) {
  if (sighting.pgpool_version.empty()) {
    return std::nullopt;
  }
  return PoolerReport{"", sighting.pgpool_version, "", "certain", {"it answers SHOW pool_version"}};
}

std::optional<PoolerReport> as_none(const Sighting& sighting) {
  if (!sighting.proved_direct) {
    return std::nullopt;
  }
  return PoolerReport{"", "", "none", "proved", {"the session is a PostgreSQL backend itself"}};
}

std::optional<PoolerReport> as_unknown(const Sighting& sighting) {
  const bool stranger = sighting.echo == OptionEcho::dropped ||
                        sighting.echo == OptionEcho::refused || sighting.pid_matches == false ||
                        sighting.backend_older;
  return PoolerReport{"", "", "", stranger ? "likely" : "unknown", {}};
}

struct Row {
  const char* kind;
  const char* name; ///< for people
  std::optional<PoolerReport> (*recognise)(const Sighting&);
};

// The first that recognises itself wins: look-alikes after the ones they look like.
constexpr std::array<Row, 4> rows{{{"pgbouncer", "PgBouncer", as_pgbouncer},
                                   {"pgpool", "Pgpool-II", as_pgpool},
                                   {"none", "no pooler", as_none},
                                   {"unknown", "an unknown pooler", as_unknown}}};

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
  return !refusal.tells_source &&
         lower(refusal.message).find("unsupported startup parameter") != std::string::npos;
}

PoolerReport identify(const Sighting& sighting) {
  for (const auto& row : rows) {
    if (auto report = row.recognise(sighting)) {
      report->kind = row.kind;
      report->mode = report->mode.empty() ? sighting.status_mode.value_or("unknown") : report->mode;
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
