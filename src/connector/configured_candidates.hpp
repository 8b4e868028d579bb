#pragma once

#include "connector/candidate.hpp"

#include <vector>

namespace pgtool {

/// How surely a configuration is that of the pooler at an endpoint.
enum class Fit {
  none,     ///< it knows no such database, or listens elsewhere
  possible, ///< it does not say where clients reach it
  exact     ///< it says this very port, and no other host
};
Fit fit_of(const PoolerConfig& config, const Endpoint& pooled);

/// The servers that these configurations name behind the pooled endpoint, exact ones first.
std::vector<Candidate> configured_candidates(const std::vector<PoolerConfig>& configs,
                                             const Endpoint& pooled);

} // namespace pgtool
