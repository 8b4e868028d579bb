#pragma once

#include "model/endpoint.hpp"

#include <string>
#include <vector>

namespace pgtool {

/// The same endpoints with the addresses of their host names beside them (hostaddr). libpq looks
/// names up while everything else stands still, so one dead name server would hold up all connects;
/// here all names are looked up at once, each for at most `timeout` seconds. A name that cannot be
/// looked up in time gets `failures[i]`; one that does not exist is left to libpq to name.
std::vector<Endpoint> with_addresses(const std::vector<Endpoint>& endpoints, double timeout,
                                     std::vector<std::string>& failures);

} // namespace pgtool
