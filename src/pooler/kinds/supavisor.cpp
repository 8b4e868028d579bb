#include "pooler/kinds/kinds.hpp"

namespace pgtool {

/// Supabase's Supavisor reports its own name as application_name, whatever the client sent, and
/// knows each client by its tenant (Supavisor 2.9, source). Its ports tell its mode: 6543 shares
/// transactions, 5432 keeps sessions (Supabase's documentation).
Recognised recognise_supavisor(const Sighting& sighting) {
  PoolerReport report{"", "", "", "certain", {}};
  if (sighting.foreign_name == "Supavisor") {
    report.evidence.emplace_back("it reports application_name Supavisor, which we did not send");
  }
  if (says(sighting.login_refusal, "tenant/user ") ||
      says(sighting.console_refusal, "tenant/user ")) {
    report.evidence.emplace_back("it speaks of tenant and user in a refusal");
  }
  const bool host = sighting.host.ends_with(".pooler.supabase.com");
  if (host) {
    report.evidence.emplace_back("its host is that of Supabase's shared pooler");
  }
  if (report.evidence.empty()) {
    return std::nullopt;
  }
  if (host && (sighting.port == "6543" || sighting.port == "5432")) {
    report.mode = sighting.port == "6543" ? "transaction" : "session";
    report.mode_confidence = "likely";
    report.mode_source = "Supabase's documentation of its ports";
  }
  return report;
}

} // namespace pgtool
