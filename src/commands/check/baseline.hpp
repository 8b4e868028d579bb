#pragma once

#include "model/report.hpp"

#include <string>
#include <vector>

namespace pgtool {

/// Findings that a team has agreed to live with for now, by fingerprint.
struct Baseline {
  struct Entry {
    std::string fingerprint;
    std::string rule;
    std::string place; ///< for people
  };
  std::vector<Entry> entries;
};

/// Reads a baseline; throws Error(Failure::usage) that names the file when it is not there or is
/// none.
Baseline read_baseline(const std::string& path);

/// The baseline that lists these findings, with places as seen from `root`.
Baseline baseline_of(const std::vector<Finding>& findings, const std::string& root);

/// As the file's text; sorted, so that the same findings are the same file.
std::string baseline_text(Baseline baseline);

/// Moves the findings that the baseline lists to `report.silenced`. Returns how many of its entries
/// were not found.
std::size_t apply_baseline(const Baseline& baseline, Report& report);

} // namespace pgtool
