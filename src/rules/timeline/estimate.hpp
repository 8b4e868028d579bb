#pragma once

#include "rules/timeline/work.hpp"

#include <optional>
#include <string>

namespace pgtool {

/// Seconds. No `high`: nobody knows how long it may take.
struct SecondsRange {
  double low = 0;
  std::optional<double> high = 0;

  void add(const SecondsRange& other);
};

/// Seconds for each row and each byte of a table.
struct Pace {
  double per_row = 0;
  double per_byte = 0;
};

/// The fastest and the slowest that is to be expected.
struct Paces {
  Pace low;
  Pace high;
};

/// How fast a server works. At first: what servers between a laptop's and a slow disk's do.
struct Rates {
  Paces scan{{20e-9, 0.1e-9}, {150e-9, 10e-9}};
  Paces rewrite{{150e-9, 1e-9}, {2e-6, 20e-9}};
  Paces build_index{{100e-9, 0.1e-9}, {4e-6, 10e-9}}; ///< of a million rows; more take longer each
  Paces look_up{{100e-9, 0.1e-9}, {2e-6, 10e-9}};
  Paces copy{{0, 0.5e-9}, {0, 20e-9}};
  Paces update{{1e-6, 2e-9}, {20e-6, 50e-9}};
  std::string source = "not measured"; ///< as it stands in a report
};

/// How long a piece of work takes, beside the wait for its locks.
SecondsRange estimate(const Work& work, const Rates& rates);

/// "3 to 8 s", "at least 2 s", "up to 90 ms"
std::string range_words(const SecondsRange& range);

} // namespace pgtool
