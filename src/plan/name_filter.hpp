#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace pgtool {

/// Which names are meant: shell patterns (`*`, `?`, `[a-z]`), as psql's and pg_dump's users know
/// them.
struct NameFilter {
  std::vector<std::string> only; ///< empty: every name
  std::vector<std::string> exclude;
  /// Where it is set, only these names.
  std::optional<std::set<std::string, std::less<>>> listed{};

  [[nodiscard]] bool takes(const std::string& name) const;
  [[nodiscard]] bool takes_all() const { return only.empty() && exclude.empty() && !listed; }
};

} // namespace pgtool
