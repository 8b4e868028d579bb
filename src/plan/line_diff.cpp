#include "plan/line_diff.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <vector>

namespace pgtool {
namespace {

using Lines = std::vector<std::string>;

struct Change {
  char sign; ///< ' ', '-', '+'
  std::string line;
};

/// How many lines of `lines` from `at` on are skipped to find `wanted`; 0 when it is not near.
std::size_t distance_to(const Lines& lines, std::size_t at, const std::string& wanted) {
  constexpr std::size_t nearness = 100;
  const auto end = std::min(lines.size(), at + nearness);
  for (auto i = at; i < end; ++i) {
    if (lines[i] == wanted) {
      return i - at;
    }
  }
  return 0;
}

std::vector<Change> changes_of(const Lines& before, const Lines& after) {
  std::vector<Change> changes;
  std::size_t from = 0;
  std::size_t to = 0;
  while (from < before.size() || to < after.size()) {
    const bool both = from < before.size() && to < after.size();
    if (both && before[from] == after[to]) {
      changes.push_back({' ', before[from]});
      ++from;
      ++to;
      continue;
    }
    const auto added = both ? distance_to(after, to, before[from]) : after.size() - to;
    const auto removed = both ? distance_to(before, from, after[to]) : before.size() - from;
    if (added > 0 && (removed == 0 || added <= removed)) {
      changes.push_back({'+', after[to++]});
    } else if (removed > 0) {
      changes.push_back({'-', before[from++]});
    } else {
      changes.push_back({'-', before[from++]});
      changes.push_back({'+', after[to++]});
    }
  }
  return changes;
}

std::string hunk_of(const std::vector<Change>& changes, std::size_t first, std::size_t end) {
  const auto count = [&](std::size_t begin, std::size_t stop, char other) {
    return std::count_if(changes.begin() + static_cast<std::ptrdiff_t>(begin),
                         changes.begin() + static_cast<std::ptrdiff_t>(stop),
                         [&](const Change& change) { return change.sign != other; });
  };
  auto hunk = fmt::format("@@ -{},{} +{},{} @@\n", count(0, first, '+') + 1, count(first, end, '+'),
                          count(0, first, '-') + 1, count(first, end, '-'));
  for (auto i = first; i < end; ++i) {
    hunk += changes[i].sign + changes[i].line + "\n";
  }
  return hunk;
}

} // namespace

std::string line_diff(const std::string& file, std::string_view before, std::string_view after,
                      int context) {
  const auto changes = changes_of(split(before, '\n'), split(after, '\n'));
  const auto around = static_cast<std::size_t>(context);
  std::string diff;
  std::size_t shown = 0; // what the hunks before have told
  for (std::size_t i = 0; i < changes.size(); ++i) {
    if (changes[i].sign == ' ' || i < shown) {
      continue;
    }
    const auto first = std::max(shown, i > around ? i - around : 0);
    auto end = i + 1;
    for (auto next = i + 1; next < changes.size() && next <= end + 2 * around; ++next) {
      end = changes[next].sign != ' ' ? next + 1 : end;
    }
    shown = std::min(end + around, changes.size());
    diff += hunk_of(changes, first, shown);
  }
  return diff.empty() ? diff : fmt::format("--- {0}\n+++ {0}\n", file) + diff;
}

} // namespace pgtool
