#pragma once

#include "commands/options.hpp"
#include "model/report.hpp"
#include "rules/reading/reading.hpp"
#include "rules/timeline/estimate.hpp"

#include <string>
#include <vector>

namespace pgtool {

/// What was read, and what could not be.
struct LintSubject {
  std::vector<Reading> readings;
  std::vector<Unknown> unknown;
  std::vector<std::string> silenced_checks; ///< SILENCED_SYSTEM_CHECKS of the project
  std::size_t files = 0;
  std::size_t migrations = 0;
  std::size_t sources = 0; ///< Python files of the project
  Rates rates{};           ///< of the server, as far as it was measured
};

/// What is said of every reading.
struct LintTerms {
  std::string pool_mode = "unknown";
  int server_version = 0;
  bool wrapped = false; ///< of files of SQL
};

} // namespace pgtool
