#pragma once

#include "model/endpoint.hpp"

#include <string>
#include <vector>

namespace pgtool {

/// One keyword of an endpoint, as programs that use libpq may be told it.
struct SpeltParameter {
  std::string keyword;
  std::string variable; ///< its PG* variable; empty when libpq knows none
  std::string value;
};

/// What an endpoint says beside host, port, database, user and password, in libpq's order: only
/// what differs from libpq's own defaults, and nothing that belongs to one session, such as the
/// application's name.
std::vector<SpeltParameter> spelt_parameters(const Endpoint& endpoint);

} // namespace pgtool
