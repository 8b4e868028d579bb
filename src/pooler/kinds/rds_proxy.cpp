#include "pooler/kinds/kinds.hpp"

namespace pgtool {

/// Amazon RDS Proxy: the words of its refusal are its own. Its host is
/// NAME.proxy-ID.REGION.rds.amazonaws.com, but may hide behind a name of the customer's
/// (AWS documentation). It multiplexes transactions until a session is pinned.
Recognised recognise_rds_proxy(const Sighting& sighting) {
  const bool host = sighting.host.find(".proxy-") != std::string::npos &&
                    (sighting.host.ends_with(".rds.amazonaws.com") ||
                     sighting.host.ends_with(".rds.amazonaws.com.cn"));
  const bool words = says(sighting.option_refusal, "RDS Proxy currently doesn't support") ||
                     says(sighting.login_refusal, "RDS Proxy");
  if (!host && !words) {
    return std::nullopt;
  }
  PoolerReport report{"", "", "transaction", words ? "certain" : "likely", {}};
  report.mode_confidence = "likely";
  report.mode_source = "Amazon's documentation";
  if (host) {
    report.evidence.emplace_back("its host is that of an RDS Proxy");
  }
  if (words) {
    report.evidence.emplace_back("it calls itself RDS Proxy in a refusal");
  }
  return report;
}

} // namespace pgtool
