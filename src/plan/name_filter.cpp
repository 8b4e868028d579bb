#include "plan/name_filter.hpp"

#include <algorithm>
#include <fnmatch.h>

namespace pgtool {
namespace {

bool matches_any(const std::vector<std::string>& patterns, const std::string& name) {
  return std::any_of(patterns.begin(), patterns.end(), [&](const auto& pattern) {
    return fnmatch(pattern.c_str(), name.c_str(), 0) == 0;
  });
}

} // namespace

bool NameFilter::takes(const std::string& name) const {
  if (listed && !listed->contains(name)) {
    return false;
  }
  return (only.empty() || matches_any(only, name)) && !matches_any(exclude, name);
}

} // namespace pgtool
