#pragma once

#include "commands/surveyed_aliases.hpp"
#include "model/report.hpp"
#include "rules/deployment.hpp"

#include <vector>

namespace pgtool {

/// What a plain session through the pool shows beside the survey: what became of the alias's own
/// start-up options, and, where no direct endpoint is proved, what the catalog and the server say.
/// Each statement stands alone and changes nothing, whatever the pool's mode is.
class PooledLook {
public:
  explicit PooledLook(const SurveyedAlias& one) : one_(one) {}

  /// Opens a session where there is something to look at.
  void look(AliasFacts& alias);

  std::vector<ServerFacts> servers{}; ///< at most one
  std::vector<Finding> findings{};
  std::vector<Unknown> unknown{};

private:
  void read_options(Connection& session, AliasFacts& alias) const;
  void read_catalog(Connection& session);

  const SurveyedAlias& one_;
};

} // namespace pgtool
