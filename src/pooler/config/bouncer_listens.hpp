#pragma once

#include "pooler/config/bouncer_entry.hpp"

#include <string>
#include <vector>

namespace pgtool {

/// Where a PgBouncer with these global settings listens. What they leave out is at PgBouncer's
/// default: no address, port 6432, a socket in /tmp (Debian's 1.18 has the same).
std::vector<Endpoint> bouncer_listens(const PoolerSettings& settings, const std::string& origin,
                                      Complaints& complaints);

} // namespace pgtool
