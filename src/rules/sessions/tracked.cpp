#include "rules/sessions/tracked.hpp"

#include <algorithm>
#include <array>

namespace pgtool::rules {

bool is_tracked(std::string_view parameter) {
  constexpr std::array<std::string_view, 6> names{"client_encoding",  "datestyle",
                                                  "timezone",         "standard_conforming_strings",
                                                  "application_name", "intervalstyle"};
  return std::find(names.begin(), names.end(), parameter) != names.end();
}

} // namespace pgtool::rules
