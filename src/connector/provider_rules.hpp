#pragma once

#include "model/endpoint.hpp"

#include <string>
#include <vector>

namespace pgtool {

/// Where a provider's naming rule puts the direct endpoint of a pooled one.
struct RuledEndpoint {
  Endpoint endpoint; ///< host and port, and the user where the pooler's has an addition
  /// It is in the same domain as the pooled one: whoever runs one runs the other.
  bool same_domain = false;
  /// Known to be a proxy that keeps one server session for each client: not direct, but safe.
  bool keeps_sessions = false;
};

/// What the rules make of a pooled endpoint, best first. A new rule is one line in the table of
/// provider_rules.cpp.
std::vector<RuledEndpoint> ruled_endpoints(const Endpoint& pooled);

/// True for a host that a rule knows to keep one server session for each client.
bool is_known_to_keep_sessions(const Endpoint& endpoint);

} // namespace pgtool
