#include "rules/timeline/estimate.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/core.h>

namespace pgtool {
namespace {

/// Where the server has never counted them.
double rows_of(const TableSize& size) {
  constexpr double usual_row = 100; // bytes
  return size.rows.value_or(size.bytes / usual_row);
}

double seconds_at(const Pace& pace, const TableSize& size) {
  return pace.per_row * rows_of(size) + pace.per_byte * size.bytes;
}

/// Sorting takes n log n.
double seconds_of_index(const Pace& pace, const TableSize& size) {
  constexpr double million = 20; // its binary logarithm
  const auto rows = rows_of(size);
  return pace.per_row * rows * std::max(1.0, std::log2(rows + 2)) / million +
         pace.per_byte * size.bytes;
}

double seconds_of(WorkKind kind, const TableSize& size, const Rates& rates, Pace Paces::*end) {
  switch (kind) {
  case WorkKind::scan:
    return seconds_at(rates.scan.*end, size);
  case WorkKind::rewrite:
    return seconds_at(rates.rewrite.*end, size) +
           size.indexes * seconds_of_index(rates.build_index.*end, size);
  case WorkKind::build_index:
    return seconds_of_index(rates.build_index.*end, size);
  case WorkKind::look_up:
    return seconds_at(rates.look_up.*end, size);
  case WorkKind::copy:
    return seconds_at(rates.copy.*end, size);
  case WorkKind::update: {
    // Each index takes in the new versions one by one, which is slower than building it.
    const double slower = end == &Paces::high ? 4 : 1;
    return seconds_at(rates.update.*end, size) +
           slower * size.indexes * seconds_of_index(rates.build_index.*end, size);
  }
  case WorkKind::unknown:
    break;
  }
  return 0;
}

std::string seconds_words(double seconds) {
  constexpr double minute = 60;
  if (seconds < 1) {
    return fmt::format("{:.0f} ms", std::max(1.0, seconds * 1000));
  }
  if (seconds < 10) {
    return fmt::format("{:.1f} s", seconds);
  }
  if (seconds < 2 * minute) {
    return fmt::format("{:.0f} s", seconds);
  }
  return seconds < 2 * minute * minute ? fmt::format("{:.0f} min", seconds / minute)
                                       : fmt::format("{:.1f} h", seconds / minute / minute);
}

} // namespace

void SecondsRange::add(const SecondsRange& other) {
  low += other.low;
  if (high && other.high) {
    *high += *other.high;
  } else {
    high.reset();
  }
}

SecondsRange estimate(const Work& work, const Rates& rates) {
  if (work.kind == WorkKind::unknown || !work.size) {
    return {0, std::nullopt};
  }
  const auto low = seconds_of(work.kind, *work.size, rates, &Paces::low);
  const auto high = seconds_of(work.kind, *work.size, rates, &Paces::high);
  constexpr double beginning = 5e-3; // parsing, planning, a file or two
  return {work.maybe ? 0 : low * work.times, high * work.times + beginning};
}

std::string range_words(const SecondsRange& range) {
  constexpr double none = 0.0005;
  if (!range.high) {
    return range.low < none ? "nobody knows how long" : "at least " + seconds_words(range.low);
  }
  if (range.low < none) {
    return "up to " + seconds_words(*range.high);
  }
  return seconds_words(range.low) + " to " + seconds_words(*range.high);
}

} // namespace pgtool
