#include "pooler/kinds/kinds.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cctype>

namespace pgtool {
namespace {

/// "odyssey: c6e7fc77c065: …": every message of its own begins with the client's number.
bool begins_as_odyssey(const std::optional<Refusal>& refusal) {
  constexpr std::string_view start = "odyssey: c";
  if (!refusal || refusal->tells_source || !refusal->message.starts_with(start)) {
    return false;
  }
  const auto rest = std::string_view(refusal->message).substr(start.size());
  const auto number = rest.substr(0, rest.find(": "));
  return number.size() < rest.size() && !number.empty() &&
         std::all_of(number.begin(), number.end(),
                     [](unsigned char letter) { return std::isxdigit(letter) != 0; });
}

} // namespace

/// Yandex Odyssey (facts: 1.5.2 was run).
Recognised recognise_odyssey(const Sighting& sighting) {
  PoolerReport report{"", "", "", "certain", {}};
  if (sighting.console_kind == "odyssey") {
    report.version = sighting.console_version;
    report.evidence.push_back("its console answers as Odyssey " + sighting.console_version);
  }
  for (const auto* refusal :
       {&sighting.login_refusal, &sighting.console_refusal, &sighting.option_refusal}) {
    if (begins_as_odyssey(*refusal)) {
      report.evidence.push_back("it signs a refusal: " + (*refusal)->message);
    }
  }
  if (report.evidence.empty()) {
    return std::nullopt;
  }
  if (sighting.standby_unsaid) {
    report.evidence.emplace_back("its login does not report in_hot_standby, as Odyssey's does not");
  }
  return report;
}

} // namespace pgtool
