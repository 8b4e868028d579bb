#pragma once

#include "pooler/config/pooler_config.hpp"

#include <string>
#include <vector>

namespace pgtool {

/// "db:5432 localhost:5433", for expectations; a port that is not said is not there.
inline std::string places(const std::vector<Endpoint>& endpoints) {
  std::string all;
  for (const auto& endpoint : endpoints) {
    all += (all.empty() ? "" : " ") + endpoint.host() + ":" + endpoint.get("port");
  }
  return all;
}

/// The messages, one a line.
inline std::string words(const std::vector<ConfigProblem>& problems) {
  std::string all;
  for (const auto& problem : problems) {
    all += problem.message + "\n";
  }
  return all;
}

} // namespace pgtool
