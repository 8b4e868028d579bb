#include "cli/formats.hpp"

#include <algorithm>
#include <array>

namespace pgtool {

std::optional<Format> format_named(std::string_view name) {
  struct Named {
    std::string_view name;
    Format format;
  };
  constexpr std::array known = {Named{"text", Format::text},     Named{"json", Format::json},
                                Named{"sarif", Format::sarif},   Named{"junit", Format::junit},
                                Named{"github", Format::github}, Named{"gitlab", Format::gitlab},
                                Named{"url", Format::url},       Named{"shell", Format::shell},
                                Named{"dotenv", Format::dotenv}};
  const auto* const found =
      std::find_if(known.begin(), known.end(), [&](const auto& one) { return one.name == name; });
  return found == known.end() ? std::nullopt : std::optional(found->format);
}

} // namespace pgtool
